import { describe, expect, test } from 'bun:test';
import {
  isTaskEnded,
  TARGET_STATUSES,
  TASK_STATUSES,
  type TargetStatus,
} from '@stenograf/contracts/statuses';
import fc from 'fast-check';
import { taskStatusAfter } from './taskStatus';

const UNENDED: TargetStatus[] = ['queued', 'running', 'waiting'];
const counts = fc.record(
  Object.fromEntries(TARGET_STATUSES.map((status) => [status, fc.nat({ max: 3 })])) as Record<
    TargetStatus,
    fc.Arbitrary<number>
  >,
);
/** Once something was begun; a person's pause is a rule of its own. */
const before = fc.constantFrom(...TASK_STATUSES.filter((status) => status !== 'paused'));

describe('a task', () => {
  test('is ended if and only if each of its targets is', () => {
    fc.assert(
      fc.property(before, counts, (status, targets) => {
        const isOpen = UNENDED.some((name) => targets[name] > 0);
        const after = taskStatusAfter(status, targets);
        expect(after.isEnd).toBe(!isOpen);
        expect(isTaskEnded(after.status)).toBe(after.isEnd);
      }),
    );
  });

  test('is completed only if nothing failed, was left out or cancelled', () => {
    fc.assert(
      fc.property(before, counts, (status, targets) => {
        const { completed: _completed, ...others } = targets;
        const isWhole = Object.values(others).every((count) => count === 0);
        expect(taskStatusAfter(status, targets).status === 'completed').toBe(isWhole);
      }),
    );
  });

  test('is failed only if nothing could be read', () => {
    fc.assert(
      fc.property(before, counts, (status, targets) => {
        const { failed, ...others } = targets;
        const isLost = failed > 0 && Object.values(others).every((count) => count === 0);
        expect(taskStatusAfter(status, targets).status === 'failed').toBe(isLost);
      }),
    );
  });

  test('is partial if something was read and something else failed', () => {
    expect(taskStatusAfter('running', { completed: 1, failed: 1 }).status).toBe('partial');
    expect(taskStatusAfter('running', { partial: 1, failed: 2 }).status).toBe('partial');
    expect(taskStatusAfter('running', { partial: 1 }).status).toBe('partial');
  });

  test('stays queued until a target of it runs, and is running between two of them', () => {
    expect(taskStatusAfter('queued', { queued: 2, failed: 1 }).status).toBe('queued');
    expect(taskStatusAfter('running', { queued: 1, completed: 1 }).status).toBe('running');
    expect(taskStatusAfter('queued', { queued: 1, running: 1 }).status).toBe('running');
  });

  test('waits only if nothing else is left to do', () => {
    expect(taskStatusAfter('running', { waiting: 1, completed: 3 }).status).toBe('waiting');
    expect(taskStatusAfter('waiting', { waiting: 1, queued: 1 }).status).toBe('running');
  });

  test('stays paused until a person ends the pause', () => {
    fc.assert(
      fc.property(counts, (targets) => {
        expect(taskStatusAfter('paused', targets)).toEqual({ status: 'paused', isEnd: false });
      }),
    );
  });
});

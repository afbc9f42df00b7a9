import { expect, test } from 'bun:test';
import type { ReasonKind } from '@stenograf/contracts/reasons';
import type { TaskStatus, WaitingFor } from '@stenograf/contracts/statuses';
import { createTarget, createTask } from '../../tests/support/taskFactory';
import { exitCodeOf } from './exitCodes';

const report = (
  status: TaskStatus,
  { waitingFor = null, kinds = [] }: { waitingFor?: WaitingFor | null; kinds?: ReasonKind[] } = {},
) => {
  const targets = kinds.map((kind) => createTarget({ status: 'failed', kind }));
  const task = createTask({ status, waiting_for: waitingFor }, targets);
  return { task, metrics: task.metrics, targets };
};

test.each<[TaskStatus, number]>([
  ['completed', 0],
  ['failed', 1],
  ['cancelled', 1],
  ['partial', 3],
  ['paused', 3],
])('a task that is %s ends with %p', (status, code) => {
  expect(exitCodeOf(report(status))).toBe(code);
});

test.each<[WaitingFor, number]>([
  ['token', 4],
  ['captcha', 4],
  ['quota', 5],
])('a task that waits for a %s ends with %p', (waitingFor, code) => {
  expect(exitCodeOf(report('waiting', { waitingFor }))).toBe(code);
});

test('a task that failed only for want of a token asks for permission', () => {
  expect(exitCodeOf(report('failed', { kinds: ['token_invalid', 'no_token'] }))).toBe(4);
  expect(exitCodeOf(report('failed', { kinds: ['token_invalid', 'not_found'] }))).toBe(1);
});

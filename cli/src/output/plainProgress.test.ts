import { expect, test } from 'bun:test';
import { createTarget, createTask } from '../../tests/support/taskFactory';
import { createPlainProgress } from './plainProgress';
import { sentencesIn } from './sentences/sentencesIn';

const view = (status: 'queued' | 'running' | 'completed', progress: number) => {
  const targets = [createTarget({ name: 'Ветрогород', status })];
  const task = createTask(
    { status: status === 'queued' ? 'queued' : 'running', progress },
    targets,
  );
  return { task, targets, elapsedMs: 1000, requestRate: null };
};

test('a change is told once, a tick is not', () => {
  const progress = createPlainProgress('en', sentencesIn('en'));
  expect(progress.next(view('queued', 0))).toEqual(['Task 3 · 1 community']);
  expect(progress.next(view('running', 0))).toEqual([
    '▸ Ветрогород · collecting',
    'Task 3: collecting',
  ]);
  expect(progress.next(view('running', 0.01))).toEqual([]);
  expect(progress.next(view('completed', 0.01))).toEqual(['✓ Ветрогород · complete']);
  expect(progress.next(view('completed', 0.01))).toEqual([]);
});

test('each tenth of the work is told once', () => {
  const progress = createPlainProgress('en', sentencesIn('en'));
  progress.next(view('running', 0));
  expect(progress.next(view('running', 0.25))).toEqual([
    '20 % · 0 posts, 0 comments · 0 calls in 0 requests · 0:01',
  ]);
  expect(progress.next(view('running', 0.29))).toEqual([]);
  expect(progress.next(view('running', 0.31))).toHaveLength(1);
});

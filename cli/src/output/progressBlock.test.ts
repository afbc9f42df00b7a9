import { describe, expect, test } from 'bun:test';
import type { TargetDto } from '@stenograf/contracts/api';
import { createTarget, createTask } from '../../tests/support/taskFactory';
import { createColors } from './colors';
import { renderProgress, type BlockLayout } from './progressBlock';
import { sentencesIn } from './sentences/sentencesIn';

const PLAIN = createColors({}, { NO_COLOR: '1' });

const layout = (overrides: Partial<BlockLayout> = {}): BlockLayout => ({
  columns: 100,
  rows: 24,
  frame: 0,
  colors: PLAIN,
  language: 'en',
  sentences: sentencesIn('en'),
  ...overrides,
});

const metrics = (posts: number, comments: number): TargetDto['metrics'] => ({
  ...createTarget().metrics,
  posts,
  comments,
});

const TARGETS = [
  createTarget({ id: 1, name: 'Ветрогород', status: 'completed', metrics: metrics(1234, 20345) }),
  createTarget({ id: 2, ref: '@coffee', status: 'running', metrics: metrics(7, 1) }),
  createTarget({
    id: 3,
    name: 'Закрытый «клуб» 👨‍👩‍👧 漢字',
    status: 'failed',
    reason: 'The wall is open to members only. (VK code 15)',
  }),
  createTarget({ id: 4, ref: 'club4' }),
];

const render = (targets: TargetDto[], given: BlockLayout): string[] => {
  const task = createTask({ progress: 0.42 }, targets);
  task.metrics.calls = 812;
  task.metrics.requests = 34;
  return renderProgress({ task, targets, elapsedMs: 14_000, requestRate: 2.96 }, given).split('\n');
};

test('each community has a line with its mark, name and numbers or its reason', () => {
  const [header, first, second, third, fourth, total, traffic] = render(TARGETS, layout());
  expect(header).toContain('Task 3 · 4 communities');
  expect(header).toEndWith(' 42 %');
  expect(first).toMatch(/^✓ Ветрогород +1 234 posts +20 345 comments$/);
  expect(second).toMatch(/^⠋ @coffee +7 posts +1 comment$/);
  expect(third).toMatch(/^✗ Закрытый .* The wall is open to members only\. \(VK code 15\)$/);
  expect(fourth).toBe('· club4');
  expect(total).toMatch(/^total +1 241 posts +20 346 comments$/);
  expect(traffic).toBe('  812 calls in 34 requests · 3.0 requests/s · 0:14');
});

test('numbers stand below each other whatever the names are made of', () => {
  const lines = render(TARGETS, layout());
  const end = (line: string | undefined): number =>
    Bun.stringWidth((line ?? '').replace(/ posts.*$/, ''));
  expect(end(lines[1])).toBe(end(lines[2]));
  expect(end(lines[1])).toBe(end(lines[5]));
});

describe.each([20, 40, 80, 200])('on a terminal of %p columns', (columns) => {
  test.each(['en', 'ru'] as const)('no line in %p is wider', (language) => {
    const sentences = sentencesIn(language);
    for (const line of render(TARGETS, layout({ columns, language, sentences }))) {
      expect(Bun.stringWidth(line)).toBeLessThan(columns);
    }
  });
});

test('more communities than rows: what moves or failed is shown, the rest is counted', () => {
  const many = Array.from({ length: 300 }, (_, index) =>
    createTarget({
      id: index,
      ref: `club${index}`,
      status: index === 250 ? 'running' : index === 260 ? 'failed' : 'completed',
    }),
  );
  const lines = render(many, layout({ rows: 12 }));
  expect(lines.length).toBeLessThan(12);
  expect(lines.some((line) => line.includes('club250'))).toBe(true);
  expect(lines.some((line) => line.includes('club260'))).toBe(true);
  expect(lines.join('\n')).toContain('… and 294 more: 294 complete');
});

test('without colours there is not one escape sequence', () => {
  expect(render(TARGETS, layout()).join('')).not.toContain('\u001b');
});

test('a waiting task says what for and why', () => {
  const task = createTask({
    status: 'waiting',
    waiting_for: 'quota',
    reason: 'wall.get is used up',
  });
  const block = renderProgress({ task, targets: [], elapsedMs: 0, requestRate: null }, layout());
  expect(block).toEndWith("waiting for VK's quota: wall.get is used up");
});

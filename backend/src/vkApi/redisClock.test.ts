import { expect, test } from 'bun:test';
import { createRedisClock } from './redisClock';

const OFFSET = 1_700_000_000_000;

test('a moment lies between asking and hearing', () => {
  const clock = createRedisClock();
  clock.learn(100, 110, OFFSET + 105);
  expect(clock.toMonotonic(OFFSET + 205)).toEqual({ earliestMs: 200, latestMs: 210 });
});

test('an answer heard late does not blur what is known', () => {
  const clock = createRedisClock();
  clock.learn(100, 101, OFFSET + 100.5);
  clock.learn(200, 400, OFFSET + 200.5);
  const { earliestMs, latestMs } = clock.toMonotonic(OFFSET + 500.5);
  expect(earliestMs).toBeGreaterThan(499);
  expect(latestMs).toBeLessThan(502);
});

test('knowledge ages', () => {
  const clock = createRedisClock();
  clock.learn(100, 101, OFFSET + 100.5);
  clock.learn(600_100, 600_600, OFFSET + 600_100.5);
  const { earliestMs, latestMs } = clock.toMonotonic(OFFSET + 600_000);
  expect(latestMs - earliestMs).toBeGreaterThan(100);
});

test('a clock that was set is believed at once', () => {
  const clock = createRedisClock();
  clock.learn(100, 101, OFFSET + 100.5);
  clock.learn(200, 201, OFFSET - 3_600_000 + 200.5);
  const { earliestMs, latestMs } = clock.toMonotonic(OFFSET - 3_600_000 + 300.5);
  expect(earliestMs).toBeCloseTo(300, 3);
  expect(latestMs).toBeCloseTo(301, 3);
});

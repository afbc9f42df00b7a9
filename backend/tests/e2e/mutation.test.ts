import { expect, test } from 'bun:test';
import { describeReport, runSchedules } from '../support/mutation/runSchedules';

const SCHEDULES = 100;

/** `MUTATION_SEEDS=17,4711` runs these alone, as to look into a failure. */
const chosen = process.env['MUTATION_SEEDS']?.split(',').map(Number);
const first = Date.now() & 0x3fff_ffff;
const seeds = chosen ?? Array.from({ length: SCHEDULES }, (_, index) => first + index);

test('walls that change while they are read, from hand to hand, are stored with all that stayed', async () => {
  const report = await runSchedules(seeds);
  console.log(`  ${describeReport(report)}`);
  expect(report.problems).toEqual([]);
  expect(report.schedules).toBe(seeds.length);
  if (chosen) return;
  // What is asked for ahead or once more is hardly ever in vain.
  expect(report.pagesUsed / report.pagesAsked).toBeGreaterThan(0.8);
}, 240_000);

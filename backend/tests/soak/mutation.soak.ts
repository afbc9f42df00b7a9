import { expect, test } from 'bun:test';
import {
  addReports,
  describeReport,
  EMPTY_REPORT,
  runSchedules,
} from '../support/mutation/runSchedules';

const SCHEDULES = 5_000;
/** Each batch has a world, a database and workers of its own. */
const BATCH = 100;
const TIME_MAX_MS = 40 * 60_000;

test('5 000 walls that change while they are read are stored with all that stayed', async () => {
  const first = Date.now() & 0x3fff_ffff;
  const until = performance.now() + TIME_MAX_MS;
  let report = EMPTY_REPORT;
  for (let done = 0; done < SCHEDULES && performance.now() < until; done += BATCH) {
    const seeds = Array.from({ length: BATCH }, (_, index) => first + done + index);
    const batch = await runSchedules(seeds);
    for (const problem of batch.problems) console.log(problem);
    report = addReports(report, batch);
    console.log(`  ${describeReport(report)}`);
  }
  expect(report.problems).toEqual([]);
});

import { afterAll, beforeAll, expect, test } from 'bun:test';
import {
  addReports,
  describeReport,
  EMPTY_REPORT,
  residentBytes,
  runFuzz,
} from '../support/fuzzing/fuzzRun';
import { startFuzzedApi, type FuzzedApi } from '../support/fuzzing/startFuzzedApi';

const REQUESTS = 50_000;
const BATCH = 1_000;
const TIME_MAX_MS = 40 * 60_000;
/** What caches and the heap itself may grow by, once the first batches have been answered. */
const GROWTH_BYTES_MAX = 256 * 1024 * 1024;
const WARM_UP = 5 * BATCH;

let fuzzed: FuzzedApi;
beforeAll(async () => {
  fuzzed = await startFuzzedApi();
});
afterAll(() => fuzzed.stop());

test('50 000 requests of every kind break nothing, and take no memory with them', async () => {
  const first = Date.now() & 0x3fff_ffff;
  const until = performance.now() + TIME_MAX_MS;
  let report = EMPTY_REPORT;
  let warmBytes = 0;
  for (let done = 0; done < REQUESTS && performance.now() < until; done += BATCH) {
    const seed = first + done;
    const batch = await runFuzz(fuzzed.api, { seed, count: BATCH });
    for (const problem of batch.problems) console.log(`FUZZ_SEED=${seed}: ${problem}`);
    report = addReports(report, batch);
    fuzzed.api.logLines.length = 0;
    const bytes = residentBytes();
    if (done < WARM_UP) warmBytes = bytes;
    console.log(`  ${describeReport(report)}; ${Math.round(bytes / 1024 / 1024)} MB`);
  }
  expect(report.problems).toEqual([]);
  expect(residentBytes() - warmBytes).toBeLessThan(GROWTH_BYTES_MAX);
});

import { afterAll, beforeAll, expect, test } from 'bun:test';
import { describeReport, residentBytes, runFuzz } from '../../support/fuzzing/fuzzRun';
import { startFuzzedApi, type FuzzedApi } from '../../support/fuzzing/startFuzzedApi';

const REQUESTS = 2_000;
/** What code, caches and the heap itself grow by in a process that has just begun. */
const GROWTH_BYTES_MAX = 384 * 1024 * 1024;

/** `FUZZ_SEED=4711` sends the same requests again, as to look into a failure. */
const chosen = process.env['FUZZ_SEED'];
const seed = chosen === undefined ? Date.now() & 0x3fff_ffff : Number(chosen);

let fuzzed: FuzzedApi;
beforeAll(async () => {
  fuzzed = await startFuzzedApi();
});
afterAll(() => fuzzed.stop());

test('whatever is sent is answered as the document says, and nothing breaks', async () => {
  const bytesBefore = residentBytes();
  const report = await runFuzz(fuzzed.api, { seed, count: REQUESTS });
  console.log(`  FUZZ_SEED=${seed}: ${describeReport(report)}`);
  expect(report.problems).toEqual([]);
  const growth = residentBytes() - bytesBefore;
  expect(growth).toBeLessThan(GROWTH_BYTES_MAX);
  // Most would else be refused at the door, and nothing behind it be tried.
  expect(report.statuses[200] ?? 0).toBeGreaterThan(REQUESTS / 10);
}, 240_000);

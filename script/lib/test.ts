import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startPrivateServices } from '../../backend/tests/support/services';
import { runBunTest } from './bunTest';
import { formatCount, sum, type Count } from './count';
import { readLineCoverage } from './coverage';
import { listAllTests, RUN_ALONE } from './testFiles';

/** Least share of lines that the tests must run. */
const COVERAGE_MIN = 0.9;
const COVERED_FOLDERS = ['backend', 'sandbox'];
/** Much of the time goes into waiting; CI has two processors. */
const LANES = 2;

const root = join(import.meta.dir, '..', '..');
const coverageFolder = join(root, 'coverage');

const readReport = (lane: string): Promise<string> =>
  readFile(join(coverageFolder, lane, 'lcov.info'), 'utf8').catch(() => '');

const judgeCoverage = (reports: readonly string[]): Count => {
  const shares = COVERED_FOLDERS.map((folder) => {
    const share = readLineCoverage(reports, folder);
    const verdict = share >= COVERAGE_MIN ? '' : `, less than ${COVERAGE_MIN * 100} %`;
    console.log(`Line coverage of ${folder}: ${(share * 100).toFixed(1)} %${verdict}`);
    return share;
  });
  const failed = shares.filter((share) => share < COVERAGE_MIN).length;
  return { passed: shares.length - failed, failed };
};

/** Side by side what bears company, then the rest one by one. */
const runAll = async (env: Record<string, string>): Promise<Count> => {
  const files = listAllTests(root);
  const coverage = (lane: string): string[] => [
    '--coverage',
    '--coverage-reporter=lcov',
    `--coverage-dir=${join(coverageFolder, lane)}`,
  ];
  const together = await runBunTest({
    root,
    files: files.filter((file) => !RUN_ALONE.includes(file)),
    env,
    flags: [`--parallel=${LANES}`, ...coverage('together')],
  });
  const alone = await runBunTest({
    root,
    files: files.filter((file) => RUN_ALONE.includes(file)),
    env,
    flags: coverage('alone'),
  });
  const reports = await Promise.all(['together', 'alone'].map(readReport));
  return sum([together, alone, judgeCoverage(reports)]);
};

await rm(coverageFolder, { recursive: true, force: true });
await mkdir(coverageFolder);
/** Files named on the command line are run one by one, and then coverage says nothing. */
const chosen = process.argv.slice(2);
const services = await startPrivateServices((line) => console.error(line));
const env = { TEST_DATABASE_URL: services.databaseUrl, TEST_REDIS_URL: services.redisUrl };
try {
  const total =
    chosen.length > 0 ? await runBunTest({ root, files: chosen, env }) : await runAll(env);
  console.log(formatCount(total));
  process.exitCode = total.failed === 0 ? 0 : 1;
} finally {
  await services.stop();
}

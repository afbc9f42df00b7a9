import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startPrivateServices } from '../../backend/tests/support/services';
import { runBunTest } from './bunTest';
import { formatCount, sum, type Count } from './count';
import { readLineCoverage } from './coverage';
import { listAllTests } from './testFiles';

/** Least share of lines that the tests must run. */
const COVERAGE_MIN = 0.9;
const COVERED_FOLDERS = ['backend', 'sandbox'];

const judgeCoverage = (lcov: string): Count => {
  const shares = COVERED_FOLDERS.map((folder) => {
    const share = readLineCoverage(lcov, folder);
    const verdict = share >= COVERAGE_MIN ? '' : `, less than ${COVERAGE_MIN * 100} %`;
    console.log(`Line coverage of ${folder}: ${(share * 100).toFixed(1)} %${verdict}`);
    return share;
  });
  const failed = shares.filter((share) => share < COVERAGE_MIN).length;
  return { passed: shares.length - failed, failed };
};

const root = join(import.meta.dir, '..', '..');
const coverageFolder = join(root, 'coverage');
await rm(coverageFolder, { recursive: true, force: true });
await mkdir(coverageFolder);
/** Files named on the command line are run alone, and then coverage says nothing. */
const chosen = process.argv.slice(2);
const services = await startPrivateServices((line) => console.error(line));
try {
  const tests = await runBunTest({
    root,
    files: chosen.length > 0 ? chosen : listAllTests(root),
    env: { TEST_DATABASE_URL: services.databaseUrl, TEST_REDIS_URL: services.redisUrl },
    flags: ['--coverage', '--coverage-reporter=lcov', `--coverage-dir=${coverageFolder}`],
  });
  const lcov = await readFile(join(coverageFolder, 'lcov.info'), 'utf8').catch(() => '');
  const total = chosen.length > 0 ? tests : sum([tests, judgeCoverage(lcov)]);
  console.log(formatCount(total));
  process.exitCode = total.failed === 0 ? 0 : 1;
} finally {
  await services.stop();
}

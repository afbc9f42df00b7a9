import { join } from 'node:path';
import { startPrivateServices } from '../../backend/tests/support/services';
import { runBunTest } from './bunTest';
import { formatCount } from './count';
import { listSoakRuns } from './testFiles';

const root = join(import.meta.dir, '..', '..');
/** Files named on the command line are run alone. */
const chosen = process.argv.slice(2);
const files = chosen.length > 0 ? chosen : listSoakRuns(root);
if (files.length === 0) {
  console.log('There are no long runs yet (files that end in .soak.ts).');
} else {
  const services = await startPrivateServices((line) => console.error(line));
  try {
    const count = await runBunTest({
      root,
      files,
      env: { TEST_DATABASE_URL: services.databaseUrl, TEST_REDIS_URL: services.redisUrl },
      // A soak run bounds itself.
      flags: ['--timeout=86400000'],
    });
    console.log(formatCount(count));
    process.exitCode = count.failed === 0 ? 0 : 1;
  } finally {
    await services.stop();
  }
}

import { readConfig } from '../../config/env';
import { startWorker } from '../../src/worker';

/** What `startWorkerProcess` runs: a job process that ends on SIGTERM, as every deployment ends it. */
const main = async (): Promise<void> => {
  // Standard input ends with the test process, however that ends: nothing is left running.
  process.stdin.once('end', () => process.exit(1)).resume();
  const worker = await startWorker(readConfig(process.env));
  process.once('SIGTERM', () => void worker.stop().then(() => process.exit(0)));
  process.stdout.write('ready\n');
};

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
});

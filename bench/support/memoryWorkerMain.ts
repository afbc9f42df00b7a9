import { createInterface } from 'node:readline';
import { readConfig } from '@stenograf/backend/config/env';
import { startWorker } from '@stenograf/backend/worker';
import { NO_LIMIT } from './installation';

/**
 * A job process with limits far away. To each line on its standard input it collects its garbage and
 * says so; it ends with its standard input.
 */
const config = readConfig(process.env);
config.vk.userRps = NO_LIMIT.ownRequestsPerSecond;
const worker = await startWorker(config);

const lines = createInterface({ input: process.stdin });
lines.on('line', () => {
  Bun.gc(true);
  process.stdout.write('collected\n');
});
lines.once('close', () => void worker.stop().then(() => process.exit(0)));
process.stdout.write('ready\n');

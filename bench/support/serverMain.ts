import { createInterface } from 'node:readline';
import { readConfig } from '@stenograf/backend/config/env';
import { startServer } from '@stenograf/backend/server';

/**
 * An HTTP process without a worker. Prints its address and its key; to each line on its standard
 * input it collects its garbage and says so; it ends with its standard input.
 */
const { url, internalKey, stop } = await startServer(readConfig(process.env), {
  withWorker: false,
});

const lines = createInterface({ input: process.stdin });
lines.on('line', () => {
  Bun.gc(true);
  process.stdout.write('collected\n');
});
lines.on('close', () => {
  void stop().finally(() => process.exit(0));
});
process.stdout.write(`${url} ${internalKey}\n`);

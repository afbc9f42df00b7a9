import { createInterface } from 'node:readline';
import { Client } from 'pg';
import { startEmbeddedServices } from '../../src/embedded/embeddedServices';

/**
 * A process that uses the embedded services of a home, as a command of the CLI would. It answers on
 * standard output, a JSON object a line; `release` on standard input lets go and ends it.
 */
const [home = ''] = process.argv.slice(2);
const say = (answer: object): void => void process.stdout.write(`${JSON.stringify(answer)}\n`);

try {
  const log: string[] = [];
  const services = await startEmbeddedServices({
    home,
    log: (line) => log.push(line),
    needPostgres: true,
    needRedis: true,
  });
  const release = async (): Promise<never> => {
    await services.release();
    say({ released: true });
    process.exit(0);
  };
  process.on('SIGINT', () => {
    void (async () => {
      const client = new Client({ connectionString: services.databaseUrl });
      await client.connect();
      await client.query('SELECT 1');
      await client.end();
      say({ queriedAfterInterrupt: true });
      await release();
    })();
  });
  createInterface({ input: process.stdin }).on('line', (line) => {
    if (line === 'release') void release();
  });
  say({ databaseUrl: services.databaseUrl, redisUrl: services.redisUrl, log });
} catch (error) {
  say({ error: String(error) });
  process.exit(1);
}

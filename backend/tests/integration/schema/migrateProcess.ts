import { migrate } from '../../../src/migrate';

/** Migrates the database of DATABASE_URL and prints which migrations it was that ran. */
const run = async (): Promise<void> => {
  const ran = await migrate(process.env.DATABASE_URL ?? '');
  process.stdout.write(JSON.stringify(ran));
};

void run();

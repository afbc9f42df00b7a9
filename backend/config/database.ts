import { Client, defaults } from 'pg';
import { Sequelize } from 'sequelize';

/** Identifiers, of VK and ours, fit in 2^53; as strings they would compare wrongly. */
const readBigintsAsNumbers = (): void => {
  defaults.parseInt8 = true;
};

const STATEMENT_TIMEOUT_MS = 30_000;

/** For people who read: longer than any good answer takes, and a clear problem instead of a hang. */
const READ_TIMEOUT_MS = 10_000;
const READ_POOL_MAX = 6;

/**
 * A few connections of their own for what people read, so that no search, however long, takes one
 * from collecting. Lists are read by indexes whatever the statistics say: they lag behind while much
 * is stored, and a plan that reads a whole table is never the one that is meant.
 */
export const createReadDatabase = (databaseUrl: string, timeoutMs = READ_TIMEOUT_MS): Sequelize => {
  readBigintsAsNumbers();
  return new Sequelize(databaseUrl, {
    dialect: 'postgres',
    logging: false,
    pool: { max: READ_POOL_MAX, min: 0, acquire: 10_000, idle: 10_000, evict: 1_000 },
    dialectOptions: {
      keepAlive: true,
      connectionTimeoutMillis: 3_000,
      statement_timeout: timeoutMs,
      query_timeout: timeoutMs + 5_000,
      application_name: 'stenograf-read',
      options: '-c default_transaction_read_only=on -c enable_seqscan=off -c jit=off',
    },
  });
};

/** One pool a process; opens nothing until the first query. */
export const createDatabase = (databaseUrl: string, poolMax: number): Sequelize => {
  readBigintsAsNumbers();
  return new Sequelize(databaseUrl, {
    dialect: 'postgres',
    logging: false,
    define: { timestamps: false, underscored: true },
    pool: { max: poolMax, min: 0, acquire: 10_000, idle: 10_000, evict: 1_000 },
    dialectOptions: {
      keepAlive: true,
      connectionTimeoutMillis: 3_000,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      query_timeout: STATEMENT_TIMEOUT_MS + 5_000,
      idle_in_transaction_session_timeout: 30_000,
      lock_timeout: 10_000,
      application_name: 'stenograf',
    },
  });
};

/** A connection of its own, for exports that read through a cursor for as long as they need. */
export const connectClient = async (databaseUrl: string): Promise<Client> => {
  readBigintsAsNumbers();
  const client = new Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: 3_000,
    keepAlive: true,
    application_name: 'stenograf-export',
  });
  await client.connect();
  return client;
};

import { Client, defaults } from 'pg';
import { Sequelize } from 'sequelize';

/** Identifiers, of VK and ours, fit in 2^53; as strings they would compare wrongly. */
const readBigintsAsNumbers = (): void => {
  defaults.parseInt8 = true;
};

const STATEMENT_TIMEOUT_MS = 30_000;

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

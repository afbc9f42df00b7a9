import { join } from 'node:path';
import type { Account } from './account';
import { runProgram } from './runProgram';

/** One PostgreSQL server of ours: its place, its secrets and how it is run. */
export interface PostgresServer {
  /** Holds `data` and the log; belongs to the account. */
  readonly folder: string;
  readonly account: Account | null;
  /** Folder of `initdb`, `postgres` and `pg_ctl`. */
  readonly binaries: string;
  readonly adminPassword: string;
  readonly password: string;
  /** Tests give up durability for speed and may make databases. */
  readonly forTests: boolean;
  /** Port on 127.0.0.1; 0 until one is chosen. */
  port: number;
}

/** Where a server lives; all that is needed to find and to stop it. */
export type PostgresPlace = Pick<PostgresServer, 'folder'>;

/** The superuser, for ourselves alone. */
export const ADMIN = 'postgres';

export const dataOf = (server: PostgresPlace): string => join(server.folder, 'data');
export const logOf = (server: PostgresPlace): string => join(server.folder, 'postgres.log');
/** Runs one of PostgreSQL's programs. */
export const runPostgresProgram = (
  server: PostgresServer,
  program: string,
  args: readonly string[],
) => runProgram(server.account, join(server.binaries, program), args);

import { chown, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EmbeddedError } from './EmbeddedError';
import { ADMIN, dataOf, runPostgresProgram, type PostgresServer } from './postgresServer';

export const hasData = async (server: PostgresServer): Promise<boolean> =>
  (await stat(dataOf(server)).catch(() => null)) !== null;

/** Throws EmbeddedError for data that another major version wrote, which ours cannot read. */
export const assertSameVersion = async (server: PostgresServer): Promise<void> => {
  const written = (await readFile(join(dataOf(server), 'PG_VERSION'), 'utf8')).trim();
  const { output } = await runPostgresProgram(server, 'postgres', ['--version']);
  const brought = /(\d+)(?:\.|\w*$)/.exec(output)?.[1];
  if (written === brought) return;
  throw new EmbeddedError(
    `The data in ${server.folder} was written by PostgreSQL ${written}, and this Stenograf brings ` +
      `${output}. Start the Stenograf that wrote it, or set STENOGRAF_HOME to another folder.`,
  );
};

/** Made beside and renamed, so that a start that was killed half-way leaves nothing behind. */
export const initialise = async (server: PostgresServer): Promise<void> => {
  const draft = join(server.folder, 'data.new');
  const passwordFile = join(server.folder, 'password.new');
  await rm(draft, { recursive: true, force: true });
  await rm(passwordFile, { force: true });
  await writeFile(passwordFile, `${server.adminPassword}\n`, { mode: 0o600, flag: 'wx' });
  if (server.account) await chown(passwordFile, server.account.uid, server.account.gid);
  const { code, output } = await runPostgresProgram(server, 'initdb', [
    `--pgdata=${draft}`,
    `--username=${ADMIN}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    // An empty environment would choose SQL_ASCII, in which a Russian search finds nothing.
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    ...(server.forTests ? ['--no-sync'] : []),
  ]);
  await rm(passwordFile, { force: true });
  if (code !== 0) {
    throw new EmbeddedError(`PostgreSQL could not set up its data in ${server.folder}:\n${output}`);
  }
  await rename(draft, dataOf(server));
};

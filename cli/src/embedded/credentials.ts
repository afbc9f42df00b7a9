import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { EmbeddedError } from './EmbeddedError';
import { findJson, findText, writePrivateFile } from './privateFile';

/** What a home remembers of its services; a file of mode 0600. */
export interface Credentials {
  postgres: { port: number; adminPassword: string; password: string };
  redis: { port: number; password: string };
}

const fileOf = (home: string): string => join(home, 'embedded.json');

/** Letters, digits, `-` and `_`: needs no escaping in a URL, in SQL or in Redis' configuration. */
const createPassword = (): string => randomBytes(24).toString('base64url');

const isCredentials = (value: unknown): value is Credentials => {
  const { postgres, redis } = (value ?? {}) as Partial<Credentials>;
  return (
    typeof postgres?.port === 'number' &&
    typeof postgres.adminPassword === 'string' &&
    typeof postgres.password === 'string' &&
    typeof redis?.port === 'number' &&
    typeof redis.password === 'string'
  );
};

export const writeCredentials = (home: string, credentials: Credentials): Promise<void> =>
  writePrivateFile(fileOf(home), `${JSON.stringify(credentials, null, 2)}\n`);

/** What the home remembers, or new passwords, which are stored before anything uses them. */
export const ensureCredentials = async (home: string): Promise<Credentials> => {
  const stored = await findJson(fileOf(home));
  if (isCredentials(stored)) return stored;
  if ((await findText(fileOf(home))) !== null) {
    throw new EmbeddedError(
      `${fileOf(home)} holds the passwords of the data beside it and cannot be read: ` +
        `bring back an intact copy, or set STENOGRAF_HOME to another folder.`,
    );
  }
  const made: Credentials = {
    postgres: { port: 0, adminPassword: createPassword(), password: createPassword() },
    redis: { port: 0, password: createPassword() },
  };
  await writeCredentials(home, made);
  return made;
};

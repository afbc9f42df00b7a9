import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** A file of secrets, one a line: the first is in use, the others only read what is older. */
export interface SecretFile {
  readonly path: string;
  /** null if there is no file. */
  read(): string[] | null;
  /** Makes the file with one new secret, unless it is there: of many that try, one does. */
  create(): void;
  /** Readers see the old or the new lines; on the disk before this returns. */
  write(secrets: readonly string[]): void;
}

export const makeSecret = (): string => randomBytes(32).toString('base64url');

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

const toLines = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

const syncFile = (path: string, flags: string): void => {
  const file = openSync(path, flags);
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
};

export const createSecretFile = (path: string): SecretFile => {
  /** Hands a finished file that only its owner may read to `place`, which gives it its name. */
  const withDraft = (secrets: readonly string[], place: (draft: string) => void): void => {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const draft = `${path}.${randomBytes(6).toString('hex')}.tmp`;
    try {
      writeFileSync(draft, `${secrets.join('\n')}\n`, { mode: 0o600, flag: 'wx' });
      // What is encrypted under a secret that a power cut took away is lost.
      syncFile(draft, 'r+');
      place(draft);
      syncFile(dirname(path), 'r');
    } finally {
      rmSync(draft, { force: true });
    }
  };

  return {
    path,
    read() {
      try {
        return toLines(readFileSync(path, 'utf8'));
      } catch (error) {
        if (hasCode(error, 'ENOENT')) return null;
        throw error;
      }
    },
    create() {
      withDraft([makeSecret()], (draft) => {
        try {
          linkSync(draft, path);
        } catch (error) {
          if (!hasCode(error, 'EEXIST')) throw error;
        }
      });
    },
    write(secrets) {
      withDraft(secrets, (draft) => renameSync(draft, path));
    },
  };
};

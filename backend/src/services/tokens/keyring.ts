import { join } from 'node:path';
import { AppError } from '../../errors';
import { createSecretBox, type SecretBox } from '../../utils/secretBox';
import { createSecretFile, makeSecret, type SecretFile } from './secretFile';

/** The secrets of this installation: which one encrypts, and which can still decrypt. */
export interface Keyring {
  /** Makes the secret of the home if it is missing and can be made. Never throws. */
  prepare(): void;
  /**
   * The box to seal with, as the processes of this installation have agreed on it by now.
   * @throws AppError `conflict` with what to do, where there is no secret and no place for one.
   */
  current(): SecretBox;
  /** The box of that name, also one that another process has made since; null if nobody has it. */
  find(keyId: string): SecretBox | null;
  /** Puts a new secret before those of the file; does nothing where a setting holds the secret. */
  renew(): void;
  /** Forgets secrets of the file that nothing is under any more. */
  forgetUnused(usedKeyIds: ReadonlySet<string>): void;
}

export interface KeyringSettings {
  /** STENOGRAF_SECRET. */
  secret: string | null;
  /** STENOGRAF_SECRET_PREVIOUS. */
  secretPrevious: string | null;
  home: string | null;
}

const FILE_NAME = 'secret';
/** As for the setting. */
const LENGTH_MIN = 32;

const noSecret = (detail: string, cause?: unknown): AppError =>
  new AppError('conflict', `Tokens cannot be stored: ${detail}`, { cause });

const readFile = (file: SecretFile): string[] | null => {
  let secrets: string[] | null;
  try {
    secrets = file.read();
  } catch (cause) {
    throw noSecret(
      `${file.path} cannot be read: let the user of this process read it, or set STENOGRAF_SECRET.`,
      cause,
    );
  }
  if (secrets !== null && (secrets.length === 0 || secrets.some(isShort))) {
    throw noSecret(`${file.path} holds no usable secret. Bring back a copy of it, or remove it.`);
  }
  return secrets;
};

const isShort = (secret: string): boolean => secret.length < LENGTH_MIN;

const makeFile = (file: SecretFile): string[] => {
  try {
    file.create();
  } catch (cause) {
    throw noSecret(`no secret can be kept in ${file.path}. Set STENOGRAF_SECRET.`, cause);
  }
  return readFile(file) ?? [];
};

/** Opens nothing until it is asked; the file is read anew whenever what it says may have changed. */
export const createKeyring = ({ secret, secretPrevious, home }: KeyringSettings): Keyring => {
  const file = home === null ? null : createSecretFile(join(home, FILE_NAME));
  const boxes = new Map<string, SecretBox>();
  const learn = (known: string): SecretBox => {
    const box = createSecretBox(known);
    boxes.set(box.keyId, box);
    return box;
  };
  const fromSetting = secret === null ? null : learn(secret);
  if (secretPrevious !== null) learn(secretPrevious);

  const inUse = (): string => {
    if (!file) throw noSecret('set STENOGRAF_SECRET, or STENOGRAF_HOME to keep a secret in.');
    return (readFile(file) ?? makeFile(file))[0] ?? '';
  };

  return {
    prepare() {
      if (fromSetting || !file) return;
      try {
        inUse();
      } catch {
        // Told to whoever adds a token: all else works without a secret.
      }
    },

    current: () => fromSetting ?? learn(inUse()),

    find(keyId) {
      if (!boxes.has(keyId) && file) {
        try {
          readFile(file)?.forEach(learn);
        } catch {
          // Whoever asks is told that nobody has it, and how to mend that.
        }
      }
      return boxes.get(keyId) ?? null;
    },

    renew() {
      if (fromSetting || !file) return;
      file.write([makeSecret(), ...(readFile(file) ?? [])]);
    },

    forgetUnused(usedKeyIds) {
      const secrets = file && readFile(file);
      if (!secrets) return;
      const kept = secrets.filter(
        (each, index) => index === 0 || usedKeyIds.has(createSecretBox(each).keyId),
      );
      if (kept.length < secrets.length) file.write(kept);
    },
  };
};

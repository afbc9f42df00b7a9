import pLimit from 'p-limit';
import { AppError } from '../errors';

/** What one hash costs; written into the hash, so that older ones can still be checked. */
export interface PasswordCost {
  memoryKib: number;
  passes: number;
}

export interface Passwords {
  /** argon2id in PHC form. @throws AppError `too_many_requests` when too many wait. */
  hash(password: string): Promise<string>;
  /**
   * Takes as long for `null`, which stands for somebody who is unknown or has no password, as for
   * a wrong password.
   * @throws AppError `too_many_requests` when too many wait.
   */
  verify(password: string, passwordHash: string | null): Promise<boolean>;
}

/** Each takes tens of megabytes and a processor for a moment. */
const AT_ONCE_MAX = 2;
const WAITING_MAX = 50;

// The same characters may be typed in several forms; stored is one.
const normalise = (password: string): string => password.normalize('NFKC');

export const createPasswords = ({ memoryKib, passes }: PasswordCost): Passwords => {
  const limit = pLimit(AT_ONCE_MAX);
  const bounded = <T>(work: () => Promise<T>): Promise<T> => {
    if (limit.pendingCount < WAITING_MAX) return limit(work);
    throw new AppError('too_many_requests', 'Too many passwords are being checked; try again.', {
      retryAfterS: 5,
    });
  };
  const hashNow = (password: string): Promise<string> =>
    Bun.password.hash(password, {
      algorithm: 'argon2id',
      memoryCost: memoryKib,
      timeCost: passes,
    });
  let decoy: Promise<string> | undefined;

  return {
    hash: async (password) => bounded(() => hashNow(normalise(password))),
    verify: async (password, passwordHash) =>
      bounded(async () => {
        // Made at the first check of all, so that it never tells an unknown name from a known one.
        decoy ??= hashNow(crypto.randomUUID());
        const matches = await Bun.password.verify(
          normalise(password),
          passwordHash ?? (await decoy),
        );
        return matches && passwordHash !== null;
      }),
  };
};

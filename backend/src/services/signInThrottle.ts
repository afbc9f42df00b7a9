import { createHash } from 'node:crypto';
import { AppError } from '../errors';
import type {
  AttemptWindow,
  SignInAttemptRepository,
} from '../repositories/signInAttemptRepository';

export interface SignInThrottle {
  /**
   * Counts an attempt on an account from an address, before the password is looked at.
   * @throws AppError `too_many_requests` with the time to wait, for a right password too.
   */
  begin(name: string, address: string): Promise<void>;
  /** The attempt was right: the account's owner starts afresh. */
  succeed(name: string, address: string): Promise<void>;
}

const MINUTE_MS = 60_000;

const hashSubject = (...parts: string[]): Buffer =>
  createHash('sha256').update(JSON.stringify(parts)).digest();

/**
 * The address comes first: once it is blocked it writes nothing more. Attempts on one account from
 * everywhere are allowed more of, so that a stranger cannot easily lock its owner out.
 */
const windowsOf = (name: string, address: string) =>
  ({
    address: {
      subject: hashSubject('address', address),
      attemptsMax: 50,
      windowMs: 15 * MINUTE_MS,
    },
    both: {
      subject: hashSubject('both', name, address),
      attemptsMax: 10,
      windowMs: 15 * MINUTE_MS,
    },
    account: {
      subject: hashSubject('account', name),
      attemptsMax: 100,
      windowMs: 60 * MINUTE_MS,
    },
  }) satisfies Record<string, AttemptWindow>;

export const createSignInThrottle = ({
  signInAttemptRepository,
}: {
  signInAttemptRepository: SignInAttemptRepository;
}): SignInThrottle => ({
  async begin(name, address) {
    const { address: byAddress, both, account } = windowsOf(name, address);
    for (const window of [byAddress, both, account]) {
      const leftMs = await signInAttemptRepository.countAttempt(window);
      if (leftMs === null) continue;
      throw new AppError('too_many_requests', 'Too many attempts to sign in; try again later.', {
        retryAfterS: Math.max(1, Math.ceil(leftMs / 1_000)),
      });
    }
  },
  async succeed(name, address) {
    const windows = windowsOf(name, address);
    await signInAttemptRepository.forget([windows.both.subject, windows.account.subject]);
    await signInAttemptRepository.takeBack(windows.address.subject);
  },
});

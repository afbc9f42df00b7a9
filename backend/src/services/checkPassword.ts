import type { UserRepository } from '../repositories/userRepository';
import type { Passwords } from './passwords';
import type { SignInThrottle } from './signInThrottle';

/**
 * Whether the password is that of this user: counted before it is looked at, and as slow for a user
 * who is not there.
 * @returns the id of the user, or null.
 * @throws AppError `too_many_requests`.
 */
export type CheckPassword = (
  by: { id: number } | { name: string },
  typed: { name: string; password: string },
  address: string,
) => Promise<number | null>;

export interface CheckPasswordDependencies {
  userRepository: UserRepository;
  passwords: Passwords;
  signInThrottle: SignInThrottle;
}

export const createCheckPassword =
  ({ userRepository, passwords, signInThrottle }: CheckPasswordDependencies): CheckPassword =>
  async (by, { name, password }, address) => {
    await signInThrottle.begin(name, address);
    const found = await userRepository.findCredentials(by);
    const matches = await passwords.verify(password, found?.passwordHash ?? null);
    if (!found || !matches) return null;
    await signInThrottle.succeed(name, address);
    return found.user.id;
  };

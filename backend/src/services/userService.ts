import type { Role } from '@stenograf/contracts/scopes';
import { AppError } from '../errors';
import type { AccessRepository } from '../repositories/accessRepository';
import type { SessionRepository } from '../repositories/sessionRepository';
import type { Page } from '../repositories/snapshots';
import type { User, UserRepository } from '../repositories/userRepository';
import type { WithTransaction } from '../repositories/withTransaction';
import type { Logger } from '../utils/logger';
import { createOpaqueToken, hashOpaqueToken } from '../utils/opaqueToken';
import { createGuardAdmins } from './accessGuard';
import { assertGoodPassword } from './passwordRules';
import type { Passwords } from './passwords';
import type { PageRequest } from './taskServiceTypes';

/** Every id that names no user is an AppError `not_found`. */
export interface UserService {
  /** @throws AppError `conflict` when the name is taken, `validation_failed` for a weak password. */
  createUser(user: { name: string; role: Role; password?: string | undefined }): Promise<User>;
  getUser(id: number): Promise<User>;
  listUsers(page: PageRequest): Promise<Page<User>>;
  /**
   * Another role or a disabled account ends the sessions of the user.
   * @throws AppError `conflict` for the last way in of an admin, unless it is forced.
   */
  updateUser(
    id: number,
    change: { role?: Role; disabled?: boolean },
    options: { force: boolean },
  ): Promise<User>;
  /** Ends the sessions of the user. @throws AppError `validation_failed` for a weak password. */
  setPassword(id: number, password: string): Promise<void>;
  /**
   * A token that opens one session of the user, soon.
   * @throws AppError `conflict` for a disabled user.
   */
  createSignInLink(id: number): Promise<{ token: string; expiresAt: Date }>;
}

/** Long enough to switch to a browser. */
const LINK_LIFE_MS = 15 * 60_000;

/** One form of a name, however it was typed. */
export const normaliseUserName = (name: string): string => name.normalize('NFKC').toLowerCase();

export interface UserServiceDependencies {
  userRepository: UserRepository;
  sessionRepository: SessionRepository;
  accessRepository: AccessRepository;
  withTransaction: WithTransaction;
  passwords: Passwords;
  logger: Logger;
}

export const createUserService = ({
  userRepository,
  sessionRepository,
  accessRepository,
  withTransaction,
  passwords,
  logger,
}: UserServiceDependencies): UserService => {
  const guardAdmins = createGuardAdmins({ accessRepository, withTransaction });

  const assertFound: (user: User | null) => asserts user is User = (user) => {
    if (!user) throw new AppError('not_found', 'There is no user with this id.');
  };

  const getUser = async (id: number): Promise<User> => {
    const user = await userRepository.findUser(id);
    assertFound(user);
    return user;
  };

  return {
    getUser,
    async createUser({ name: typed, role, password }) {
      const name = normaliseUserName(typed);
      if (password !== undefined) assertGoodPassword(password, name);
      const passwordHash = password === undefined ? null : await passwords.hash(password);
      const user = await userRepository.insertUser({ name, role, passwordHash });
      if (!user) throw new AppError('conflict', 'A user of this name exists already.');
      logger.info('Access changed', { action: 'user created', subjectId: user.id });
      return user;
    },
    listUsers: ({ after, limit }) => userRepository.listUsers(after, limit),
    async updateUser(id, change, { force }) {
      const user = await guardAdmins(force, async (transaction) => {
        const before = await userRepository.findUser(id, transaction);
        const after = await userRepository.updateUser(id, change, transaction);
        assertFound(after);
        if (change.disabled || before?.role !== after.role) {
          await sessionRepository.endSessions(id, null, transaction);
        }
        return after;
      });
      logger.info('Access changed', { action: 'user changed', subjectId: id });
      return user;
    },
    async setPassword(id, password) {
      assertGoodPassword(password, (await getUser(id)).name);
      const passwordHash = await passwords.hash(password);
      await withTransaction(undefined, async (transaction) => {
        await userRepository.setPassword(id, passwordHash, transaction);
        await sessionRepository.endSessions(id, null, transaction);
      });
      logger.info('Access changed', { action: 'password set', subjectId: id });
    },
    async createSignInLink(id) {
      const user = await getUser(id);
      if (user.disabledAt) throw new AppError('conflict', 'This user is disabled.');
      const token = createOpaqueToken();
      const { expiresAt } = await sessionRepository.insertLink({
        userId: id,
        tokenHash: hashOpaqueToken(token),
        lifeMs: LINK_LIFE_MS,
      });
      logger.info('Access changed', { action: 'link created', subjectId: id });
      return { token, expiresAt };
    },
  };
};

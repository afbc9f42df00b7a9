import { timingSafeEqual } from 'node:crypto';
import { SCOPE_OF_ROLE } from '@stenograf/contracts/scopes';
import type { Transaction } from 'sequelize';
import { AppError } from '../errors';
import type {
  OpenSession,
  SessionListed,
  SessionRepository,
} from '../repositories/sessionRepository';
import type { User, UserRepository } from '../repositories/userRepository';
import type { WithTransaction } from '../repositories/withTransaction';
import type { Logger } from '../utils/logger';
import {
  createOpaqueToken,
  deriveToken,
  hashOpaqueToken,
  isOpaqueToken,
} from '../utils/opaqueToken';
import type { UserIdentity } from './identity';
import { createCheckPassword, type CheckPassword } from './checkPassword';
import { assertGoodPassword } from './passwordRules';
import type { Passwords } from './passwords';
import type { SignInThrottle } from './signInThrottle';
import { normaliseUserName } from './userService';

export interface OpenedSession {
  /** For the cookie alone: only its hash is kept. */
  token: string;
  identity: UserIdentity;
}

export interface SessionDescription {
  user: User;
  sessions: SessionListed[];
}

export interface SessionService {
  /**
   * @param address where the attempt comes from, to be counted by.
   * @throws AppError `unauthorized`, the same for an unknown name, a wrong password and a disabled
   *   user; `too_many_requests`.
   */
  signIn(credentials: { name: string; password: string }, address: string): Promise<OpenedSession>;
  /** @throws AppError `unauthorized` for a link that is unknown, used, late or of a disabled user. */
  signInByLink(linkToken: string): Promise<OpenedSession>;
  /** null for anything but a session in force. */
  authenticate(token: string): Promise<UserIdentity | null>;
  describe(identity: UserIdentity): Promise<SessionDescription>;
  /** Safe to repeat. */
  signOut(token: string): Promise<void>;
  /**
   * Ends all sessions of the user and opens a new one.
   * @throws AppError `forbidden` when the current password is wrong, `validation_failed` for a weak
   *   new one, `too_many_requests`.
   */
  changePassword(
    identity: UserIdentity,
    change: { current: string | undefined; password: string },
    address: string,
  ): Promise<OpenedSession>;
}

/** More than anybody has browsers; the oldest end. */
const SESSIONS_MAX = 20;

/** Another secret of the session, which scripts of its own pages may read and others cannot. */
export const csrfTokenOf = (sessionToken: string): string => deriveToken(sessionToken, 'csrf');

export const isCsrfToken = (sessionToken: string, presented: string): boolean => {
  const expected = Buffer.from(csrfTokenOf(sessionToken));
  const given = Buffer.from(presented);
  return given.length === expected.length && timingSafeEqual(given, expected);
};

const toIdentity = ({ id, userId, role, expiresAt }: OpenSession): UserIdentity => ({
  kind: 'user',
  id: userId,
  scope: SCOPE_OF_ROLE[role],
  session: { id, expiresAt },
});

const refuse = (detail: string): AppError => new AppError('unauthorized', detail);

export interface SessionServiceDependencies {
  sessionRepository: SessionRepository;
  userRepository: UserRepository;
  withTransaction: WithTransaction;
  passwords: Passwords;
  signInThrottle: SignInThrottle;
  logger: Logger;
}

type Open = (userId: number, transaction: Transaction) => Promise<OpenedSession | null>;

const createOpen =
  (sessionRepository: SessionRepository): Open =>
  async (userId, transaction) => {
    const token = createOpaqueToken();
    const session = await sessionRepository.insertSession(
      { userId, tokenHash: hashOpaqueToken(token), sessionsMax: SESSIONS_MAX },
      transaction,
    );
    return session && { token, identity: toIdentity(session) };
  };

/** The ways in. */
const createSignIns = (
  { sessionRepository, withTransaction, logger }: SessionServiceDependencies,
  { open, checkPassword }: { open: Open; checkPassword: CheckPassword },
): Pick<SessionService, 'signIn' | 'signInByLink'> => ({
  async signIn({ name: typed, password }, address) {
    const name = normaliseUserName(typed);
    const userId = await checkPassword({ name }, { name, password }, address);
    const opened =
      userId === null ? null : await withTransaction(undefined, (tx) => open(userId, tx));
    const action = opened ? 'signed in' : 'refused';
    logger.info('Signed in', { action, userId: opened?.identity.id });
    if (!opened) throw refuse('The name or the password is wrong.');
    return opened;
  },
  async signInByLink(linkToken) {
    const opened = await withTransaction(undefined, async (transaction) => {
      const userId = isOpaqueToken(linkToken)
        ? await sessionRepository.takeLink(hashOpaqueToken(linkToken), transaction)
        : null;
      return userId === null ? null : open(userId, transaction);
    });
    const action = opened ? 'signed in by link' : 'link refused';
    logger.info('Signed in', { action, userId: opened?.identity.id });
    if (!opened) throw refuse('This sign-in link was used or is too old. Make a new one.');
    return opened;
  },
});

export const createSessionService = (dependencies: SessionServiceDependencies): SessionService => {
  const { sessionRepository, userRepository, withTransaction, passwords, logger } = dependencies;
  const checkPassword = createCheckPassword(dependencies);
  const open = createOpen(sessionRepository);

  const getUser = async ({ id }: UserIdentity): Promise<User> => {
    const user = await userRepository.findUser(id);
    if (!user) throw refuse('The user of this session is gone.');
    return user;
  };

  return {
    ...createSignIns(dependencies, { open, checkPassword }),
    async authenticate(token) {
      if (!isOpaqueToken(token)) return null;
      const session = await sessionRepository.useSession(hashOpaqueToken(token));
      return session && toIdentity(session);
    },
    async describe(identity) {
      const [user, sessions] = await Promise.all([
        getUser(identity),
        sessionRepository.listSessions(identity.id),
      ]);
      return { user, sessions };
    },
    signOut: (token) => sessionRepository.endSession(hashOpaqueToken(token)),
    async changePassword(identity, { current = '', password }, address) {
      const { id, name, hasPassword } = await getUser(identity);
      const typed = { name, password: current };
      if (hasPassword && (await checkPassword({ id }, typed, address)) === null) {
        throw new AppError('forbidden', 'The current password is wrong.');
      }
      assertGoodPassword(password, name);
      const passwordHash = await passwords.hash(password);
      const opened = await withTransaction(undefined, async (transaction) => {
        await userRepository.setPassword(id, passwordHash, transaction);
        await sessionRepository.endSessions(id, null, transaction);
        return open(id, transaction);
      });
      if (!opened) throw refuse('The user of this session is disabled.');
      logger.info('Access changed', { action: 'password changed', subjectId: id });
      return opened;
    },
  };
};

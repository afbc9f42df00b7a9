import { createHash, randomInt, timingSafeEqual } from 'node:crypto';
import type { Scope } from '@stenograf/contracts/scopes';
import { AppError, invalidField } from '../errors';
import type { AccessRepository } from '../repositories/accessRepository';
import type { ApiKey, ApiKeyRepository, NewApiKey } from '../repositories/apiKeyRepository';
import type { Page } from '../repositories/snapshots';
import type { WithTransaction } from '../repositories/withTransaction';
import type { Logger } from '../utils/logger';
import { createGuardAdmins } from './accessGuard';
import type { Identity } from './identity';
import type { PageRequest } from './taskServiceTypes';

export interface IssuedKey extends ApiKey {
  /** Shown once: only its hash is kept. */
  key: string;
}

export interface InternalKey {
  id: number;
  key: string;
}

export interface ApiKeyService {
  /** null for anything but a key in force. A revoked or expired key ends within 2 s everywhere. */
  authenticate(presented: string): Promise<Identity | null>;
  /** @throws AppError `validation_failed` for an end that has passed. */
  createKey(key: { name: string; scope: Scope; expiresAt?: Date | null }): Promise<IssuedKey>;
  /** Keys of people that are not revoked, newest first. */
  listKeys(page: PageRequest): Promise<Page<ApiKey>>;
  /**
   * @throws AppError `not_found`; `conflict` for the last way in of an admin, unless it is forced.
   */
  revokeKey(id: number, options?: { force?: boolean }): Promise<void>;
  /**
   * For the start of a service: the first admin key, unless somebody holds one or can sign in as
   * an admin (then null), and a new internal admin key for the CLI of this
   * installation, which ends the one of the same name before it.
   * @param internalName tells the services that share a database apart.
   */
  ensureKeys(
    internalName: string,
  ): Promise<{ firstAdminKey: string | null; internal: InternalKey }>;
  /** Keeps an internal key in force; one that nobody renews ends within a day. */
  renewInternalKey(id: number): Promise<void>;
  /** Safe to repeat. */
  revokeInternalKey(id: number): Promise<void>;
}

const PREFIX = 'stg_';
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 33 characters of 62 hold 196 random bits. */
const RANDOM_LENGTH = 33;
const SHAPE = new RegExp(`^${PREFIX}[0-9A-Za-z]{${RANDOM_LENGTH}}$`);
/** Of a key that was found valid; another process may have revoked it since. */
const CACHE_MS = 2_000;
/** A service that was killed cannot revoke its key: it ends by itself. */
const INTERNAL_LIFE_MS = 24 * 3_600_000;

const makeKey = (): string =>
  PREFIX + Array.from({ length: RANDOM_LENGTH }, () => ALPHABET.charAt(randomInt(62))).join('');

// A fast hash is right for a random key of this length: there is nothing to guess.
const hashKey = (key: string): Buffer => createHash('sha256').update(key).digest();

const toNewKey = (
  key: string,
  name: string,
  scope: Scope,
  expiresAt: Date | null = null,
): NewApiKey => ({ name, keyHash: hashKey(key), last4: key.slice(-4), scope, expiresAt });

const assertFuture = (expiresAt: Date | null): void => {
  if (expiresAt === null || expiresAt.getTime() > Date.now()) return;
  throw invalidField('/expires_at', 'Must be in the future.');
};

const internalEnd = (): Date => new Date(Date.now() + INTERNAL_LIFE_MS);

export interface ApiKeyServiceDependencies {
  apiKeyRepository: ApiKeyRepository;
  accessRepository: AccessRepository;
  withTransaction: WithTransaction;
  logger: Logger;
  /** Milliseconds of a clock that never goes back. */
  now?: () => number;
}

/** Finds keys by what was presented, and remembers for a moment those that were valid. */
const createKeyCache = (apiKeyRepository: ApiKeyRepository, now: () => number) => {
  // Only keys that were valid are kept, so that guesses cannot fill it.
  const known = new Map<string, { identity: Identity; until: number }>();

  const lookUp = async (keyHash: Buffer): Promise<Identity | null> => {
    const row = await apiKeyRepository.useKeyByHash(keyHash);
    if (!row || !timingSafeEqual(row.keyHash, keyHash)) return null;
    return { kind: 'key', id: row.id, scope: row.scope };
  };

  return {
    forgetAll: () => known.clear(),
    async find(presented: string): Promise<Identity | null> {
      if (!SHAPE.test(presented)) return null;
      const keyHash = hashKey(presented);
      const cacheKey = keyHash.toString('base64');
      const cached = known.get(cacheKey);
      if (cached && cached.until > now()) return cached.identity;
      known.delete(cacheKey);
      const until = now() + CACHE_MS;
      const identity = await lookUp(keyHash);
      if (identity) known.set(cacheKey, { identity, until });
      return identity;
    },
  };
};

export const createApiKeyService = ({
  apiKeyRepository,
  accessRepository,
  withTransaction,
  logger,
  now = () => performance.now(),
}: ApiKeyServiceDependencies): ApiKeyService => {
  const cache = createKeyCache(apiKeyRepository, now);
  const guardAdmins = createGuardAdmins({ accessRepository, withTransaction });

  return {
    authenticate: cache.find,
    async createKey({ name, scope, expiresAt = null }) {
      assertFuture(expiresAt);
      const key = makeKey();
      const stored = await apiKeyRepository.insertKey(toNewKey(key, name, scope, expiresAt));
      logger.info('Access changed', { action: 'key created', subjectId: stored.id });
      return { ...stored, key };
    },
    listKeys: ({ after, limit }) => apiKeyRepository.listKeys(after, limit),
    async revokeKey(id, { force = false } = {}) {
      await guardAdmins(force, async (transaction) => {
        const revoked = await apiKeyRepository.revokeKey(id, transaction);
        // An internal key is a running service's own; it ends with it.
        if (revoked && !revoked.isInternal) return;
        throw new AppError('not_found', 'There is no API key with this id, or it was revoked.');
      });
      cache.forgetAll();
      logger.info('Access changed', { action: 'key revoked', subjectId: id });
    },
    ensureKeys: (internalName) =>
      withTransaction(undefined, async (transaction) => {
        await accessRepository.lock(transaction);
        let firstAdminKey: string | null = null;
        if (!(await accessRepository.hasAdmin(transaction))) {
          firstAdminKey = makeKey();
          const admin = toNewKey(firstAdminKey, 'first admin key', 'admin');
          await apiKeyRepository.insertKey(admin, transaction);
        }
        const key = makeKey();
        const internal = toNewKey(key, internalName, 'admin', internalEnd());
        const id = await apiKeyRepository.replaceInternalKey(internal, transaction);
        return { firstAdminKey, internal: { id, key } };
      }),
    renewInternalKey: (id) => apiKeyRepository.renewInternalKey(id, internalEnd()),
    async revokeInternalKey(id) {
      await apiKeyRepository.revokeKey(id);
      cache.forgetAll();
    },
  };
};

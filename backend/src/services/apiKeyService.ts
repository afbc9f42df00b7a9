import { createHash, randomInt, timingSafeEqual } from 'node:crypto';
import type { Scope } from '@stenograf/contracts/scopes';
import type { ApiKeyRepository, NewApiKey } from '../repositories/apiKeyRepository';
import type { WithTransaction } from '../repositories/withTransaction';

export interface Identity {
  /** Of the key, for logs. */
  id: number;
  scope: Scope;
}

export interface IssuedKey {
  id: number;
  /** Shown once: only its hash is kept. */
  key: string;
}

export interface ApiKeyService {
  /** null for anything but a key that is in force. A revoked key ends within 2 s everywhere. */
  authenticate(presented: string): Promise<Identity | null>;
  createKey(key: { name: string; scope: Scope }): Promise<IssuedKey>;
  /** @returns false when there was nothing to revoke. */
  revokeKey(id: number): Promise<boolean>;
  /**
   * For the start of a service: the first admin key, unless somebody holds one (then null), and a
   * new internal admin key for the CLI of this installation, which ends the one before it.
   * @param internalName tells installations apart that share a database.
   */
  ensureKeys(internalName: string): Promise<{ firstAdminKey: string | null; internal: IssuedKey }>;
}

const PREFIX = 'stg_';
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 33 characters of 62 hold 196 random bits. */
const RANDOM_LENGTH = 33;
const SHAPE = new RegExp(`^${PREFIX}[0-9A-Za-z]{${RANDOM_LENGTH}}$`);
/** Of a key that was found valid; another process may have revoked it since. */
const CACHE_MS = 2_000;

const makeKey = (): string =>
  PREFIX + Array.from({ length: RANDOM_LENGTH }, () => ALPHABET.charAt(randomInt(62))).join('');

// A fast hash is right for a random key of this length: there is nothing to guess.
const hashKey = (key: string): Buffer => createHash('sha256').update(key).digest();

const toNewKey = (key: string, name: string, scope: Scope): NewApiKey => ({
  name,
  keyHash: hashKey(key),
  last4: key.slice(-4),
  scope,
});

export interface ApiKeyServiceDependencies {
  apiKeyRepository: ApiKeyRepository;
  withTransaction: WithTransaction;
  /** Milliseconds of a clock that never goes back. */
  now?: () => number;
}

export const createApiKeyService = ({
  apiKeyRepository,
  withTransaction,
  now = () => performance.now(),
}: ApiKeyServiceDependencies): ApiKeyService => {
  // Only keys that were valid are kept, so that guesses cannot fill it.
  const known = new Map<string, { identity: Identity; until: number }>();

  const lookUp = async (keyHash: Buffer): Promise<Identity | null> => {
    const row = await apiKeyRepository.findKeyByHash(keyHash);
    if (!row || !timingSafeEqual(row.keyHash, keyHash)) return null;
    return { id: row.id, scope: row.scope };
  };

  const createKey: ApiKeyService['createKey'] = async ({ name, scope }) => {
    const key = makeKey();
    return { key, id: await apiKeyRepository.insertKey(toNewKey(key, name, scope)) };
  };

  return {
    createKey,
    async authenticate(presented) {
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
    async revokeKey(id) {
      const revoked = await apiKeyRepository.revokeKey(id);
      known.clear();
      return revoked;
    },
    ensureKeys: (internalName) =>
      withTransaction(undefined, async (transaction) => {
        await apiKeyRepository.lockFirstKey(transaction);
        let firstAdminKey: string | null = null;
        if (!(await apiKeyRepository.hasAdminKey(transaction))) {
          firstAdminKey = makeKey();
          const admin = toNewKey(firstAdminKey, 'first admin key', 'admin');
          await apiKeyRepository.insertKey(admin, transaction);
        }
        const key = makeKey();
        const internal = toNewKey(key, internalName, 'admin');
        const id = await apiKeyRepository.replaceInternalKey(internal, transaction);
        known.clear();
        return { firstAdminKey, internal: { id, key } };
      }),
  };
};

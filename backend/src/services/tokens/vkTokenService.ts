import { reasonSentence } from '@stenograf/contracts/reasons';
import type { TokenKind } from '@stenograf/contracts/statuses';
import { AppError } from '../../errors';
import type { Page } from '../../repositories/snapshots';
import type { SealedTokenRepository } from '../../repositories/sealedTokenRepository';
import type { VkQuotaRepository } from '../../repositories/vkQuotaRepository';
import type { VkTokenRepository, VkTokenRow } from '../../repositories/vkTokenRepository';
import type { WithTransaction } from '../../repositories/withTransaction';
import type { Logger } from '../../utils/logger';
import { Secret } from '../../utils/secret';
import type { ErasureKey } from '../erasing/erasureKey';
import type { CheckToken, MethodCheck } from './checkToken';
import type { Keyring } from './keyring';
import { createTokenReader, type VkTokenSnapshot } from './tokenReader';
import { rotateSecret, type Rotation } from './rotateSecret';
import type { TokenVault } from './tokenVault';

export interface VkTokenService {
  listTokens(page: { after?: number; limit: number }): Promise<Page<VkTokenSnapshot>>;
  getToken(id: number): Promise<VkTokenSnapshot>;
  /** @throws AppError `conflict` where it is here already, or no secret can encrypt it. */
  addToken(token: NewToken): Promise<VkTokenSnapshot>;
  /**
   * Asks VK what the token may do, and remembers it. Some seconds.
   * @throws AppError `conflict` where nobody here can read it, or it belongs to another VK.
   */
  checkToken(id: number): Promise<{ token: VkTokenSnapshot; methods: MethodCheck[] }>;
  /** Workers stop using it within about a second; what is on its way ends. */
  removeToken(id: number): Promise<void>;
  rotate(): Promise<Rotation>;
}

export interface NewToken {
  token: string;
  kind: TokenKind;
  name: string | null;
}

export interface VkTokenServiceDependencies {
  vkTokenRepository: VkTokenRepository;
  sealedTokenRepository: SealedTokenRepository;
  vkQuotaRepository: Pick<VkQuotaRepository, 'add'>;
  withTransaction: WithTransaction;
  /** Queues what waits for a token. */
  wakeWaiting: () => Promise<void>;
  keyring: Keyring;
  tokenVault: TokenVault;
  erasureKey: Pick<ErasureKey, 'reseal'>;
  checkToken: CheckToken;
  /** Throws where this database belongs to another VK than the one that would be asked. */
  assertVkHost: () => Promise<void>;
  /** Those of VK_TOKENS of this process. */
  ownTokens: readonly { token: string }[];
  logger: Logger;
}

const noSuchToken = (id: number): AppError => new AppError('not_found', `There is no token ${id}.`);

const shown = ({ last4, id }: { last4: string; id: number }): string =>
  `••••${last4} (number ${id})`;

const sourceOf = ({ source }: VkTokenRow): string =>
  source === 'vault' ? 'in the vault' : 'named in VK_TOKENS';

export const createVkTokenService = (deps: VkTokenServiceDependencies): VkTokenService => {
  const { vkTokenRepository, withTransaction, logger } = deps;

  const { reveal, toSnapshot } = createTokenReader(deps);

  const getRow = async (id: number): Promise<VkTokenRow> => {
    const row = await vkTokenRepository.find(id);
    if (row) return row;
    throw noSuchToken(id);
  };

  const getToken = async (id: number): Promise<VkTokenSnapshot> => toSnapshot(await getRow(id));

  /** The token is stored by now; that nobody was told of it must not fail what was asked. */
  const goOn = (): Promise<void> =>
    deps.wakeWaiting().catch((error: unknown) => logger.warn('waiting not woken', { error }));

  return {
    async listTokens({ after, limit }) {
      const { items, next } = await vkTokenRepository.list(after, limit);
      return { items: items.map(toSnapshot), next };
    },

    getToken,

    async addToken(token) {
      const id = await storeToken(deps, reveal, token);
      logger.info('token added', { token: new Secret(token.token).last4, tokenKind: token.kind });
      await goOn();
      return getToken(id);
    },

    async checkToken(id) {
      const row = await getRow(id);
      const token = reveal(row);
      if (token === null) throw new AppError('conflict', whyUnreadable(row));
      await deps.assertVkHost();
      const { methods, findings, spent } = await deps.checkToken({ kind: row.kind, token });
      const isThere = await withTransaction(undefined, async (transaction) => {
        await deps.vkQuotaRepository.add(spent, transaction);
        return vkTokenRepository.saveFindings(row.fingerprint, findings, transaction);
      });
      if (!isThere) throw noSuchToken(id);
      if (findings.isAccepted) await goOn();
      return { token: await getToken(id), methods };
    },

    async removeToken(id) {
      const row = await getRow(id);
      if (await vkTokenRepository.remove(id)) {
        logger.info('token removed', { token: row.last4, tokenKind: row.kind });
        return;
      }
      throw new AppError(
        'conflict',
        `The token ${shown(row)} is named in VK_TOKENS. Take it out of there and restart the ` +
          'processes that were started with it; a minute later it can be removed here.',
      );
    },

    rotate: () => rotateSecret(deps),
  };
};

const whyUnreadable = (row: VkTokenRow): string =>
  row.source === 'vault'
    ? reasonSentence('token_unreadable', 'en')
    : `The token ${shown(row)} is named in VK_TOKENS of another process, and is nowhere else.`;

/** @throws AppError `conflict` where the token is here already, or no secret can encrypt it. */
const storeToken = (
  deps: VkTokenServiceDependencies,
  reveal: (row: VkTokenRow) => string | null,
  { token, kind, name }: NewToken,
): Promise<number> => {
  const { vkTokenRepository, sealedTokenRepository, tokenVault } = deps;
  const { fingerprint, last4 } = new Secret(token);
  return deps.withTransaction(undefined, async (transaction) => {
    await sealedTokenRepository.lockVault(transaction);
    const known = await vkTokenRepository.findByFingerprint(fingerprint, transaction);
    // One that nobody names any more, or that nobody can read, is as good as gone.
    if (known && (known.isNamed || (known.source === 'vault' && reveal(known) !== null))) {
      const there = `${shown(known)}, ${sourceOf(known)}`;
      throw new AppError('conflict', `This token is here already: ${there}.`);
    }
    const sealed = tokenVault.seal(token, fingerprint);
    return vkTokenRepository.put({ fingerprint, kind, name, last4, ...sealed }, transaction);
  });
};

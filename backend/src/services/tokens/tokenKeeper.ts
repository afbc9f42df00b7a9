import type { VkQuotaRepository } from '../../repositories/vkQuotaRepository';
import type { VkTokenStateRepository } from '../../repositories/vkTokenStateRepository';
import type { WithTransaction } from '../../repositories/withTransaction';
import type { Logger } from '../../utils/logger';
import { Secret } from '../../utils/secret';
import { systemClock } from '../../vkApi/systemClock';
import type { SharedTokens, TokenKind, TokenNews, VkApi } from '../../vkApi/types';
import type { DailyCaps } from './quotaForecast';
import { createReleaseWatch } from './releaseWatch';
import { sharedTokensOf } from './sharedTokens';
import type { TokenVault } from './tokenVault';

/** Keeps what this process knows of the tokens and what all know of them the same. */
export interface TokenKeeper {
  /** Resolves when the tokens are as PostgreSQL has them, or when it did not answer. */
  start(): Promise<void>;
  /** Something happened that the others should hear of soon. Costs nothing; may be called at will. */
  nudge(): void;
  /** Tells the last news. To be called when no more requests are on their way. */
  stop(): Promise<void>;
}

/** How old what this process knows of the others may become. */
const EVERY_MS = 1_000;
/** What happens within this time is told together. */
const GATHER_MS = 100;
/** Often enough for others to see that this process is there: they look back a minute. */
const REGISTER_EVERY_MS = 20_000;
const CLEAN_EVERY_MS = 3_600_000;

interface Dependencies {
  vkApi: Pick<VkApi, 'exchangeTokens'>;
  vkTokenStateRepository: VkTokenStateRepository;
  vkQuotaRepository: Pick<VkQuotaRepository, 'add' | 'deleteOld'>;
  withTransaction: WithTransaction;
  tokenVault: Pick<TokenVault, 'open'>;
  /** Those of VK_TOKENS. */
  ownTokens: readonly { kind: TokenKind; token: string }[];
  dailyCaps: DailyCaps;
  /** A token can do what it could not before. */
  onReleased: () => Promise<void>;
  logger: Logger;
}

const isEmpty = (news: TokenNews): boolean =>
  Object.values(news).every((list) => list.length === 0);

/** Runs `work` when it was not run for so long; a failure does not count as a run. */
const createChore = (everyMs: number, work: () => Promise<void>): (() => Promise<void>) => {
  let dueMs = -Infinity;
  return async () => {
    if (systemClock.monotonicMs() < dueMs) return;
    await work();
    dueMs = systemClock.monotonicMs() + everyMs;
  };
};

/** One exchange with the other processes, by way of PostgreSQL. */
const createExchange = (deps: Dependencies): (() => Promise<void>) => {
  const { vkApi, vkTokenStateRepository, vkQuotaRepository, withTransaction } = deps;
  const own = deps.ownTokens.map(({ kind, token }) => ({ kind, secret: new Secret(token) }));
  const environment = new Map(own.map(({ secret }) => [secret.fingerprint, secret]));
  const isReleased = createReleaseWatch();

  const register = createChore(REGISTER_EVERY_MS, async () => {
    const rows = own.map(({ kind, secret: { fingerprint, last4 } }) => ({
      fingerprint,
      kind,
      last4,
    }));
    if (rows.length > 0) await vkTokenStateRepository.registerEnvironment(rows);
  });
  const clean = createChore(CLEAN_EVERY_MS, vkQuotaRepository.deleteOld);

  const save = (news: TokenNews): Promise<void> =>
    withTransaction(undefined, async (transaction) => {
      if (news.spent.length > 0) await vkQuotaRepository.add(news.spent, transaction);
      await vkTokenStateRepository.save(news, transaction);
    });

  return async () => {
    await register();
    let shared: SharedTokens = { now: null, tokens: [] };
    await vkApi.exchangeTokens(async (news) => {
      if (!isEmpty(news)) await save(news);
      const rows = await vkTokenStateRepository.list();
      shared = sharedTokensOf(rows, { ...deps, environment });
      return shared;
    });
    if (isReleased(shared.tokens, systemClock.monotonicMs())) await deps.onReleased();
    await clean();
  };
};

export const createTokenKeeper = (deps: Dependencies): TokenKeeper => {
  const exchange = createExchange(deps);
  let isAway = false;
  let isStopping = false;
  let nudged = new AbortController();
  let running: Promise<void> | undefined;

  /** PostgreSQL away stops nothing: requests go on by what is known here, and all is told later. */
  const sync = async (): Promise<void> => {
    try {
      await exchange();
      if (isAway) deps.logger.info('state of the VK tokens is shared again');
      isAway = false;
    } catch (error) {
      if (!isAway) deps.logger.warn('state of the VK tokens is not shared', { error });
      isAway = true;
    }
  };

  const keepOn = async (): Promise<void> => {
    while (!isStopping) {
      await systemClock.sleep(GATHER_MS);
      await systemClock.sleep(EVERY_MS - GATHER_MS, nudged.signal);
      nudged = new AbortController();
      await sync();
    }
  };

  return {
    async start() {
      await sync();
      running ??= keepOn();
    },
    nudge: () => nudged.abort(),
    async stop() {
      isStopping = true;
      nudged.abort();
      await running;
    },
  };
};

import type { VkQuotaRepository } from '../../repositories/vkQuotaRepository';
import type {
  TokenStateRow,
  VkTokenStateRepository,
} from '../../repositories/vkTokenStateRepository';
import type { WithTransaction } from '../../repositories/withTransaction';
import type { Logger } from '../../utils/logger';
import { Secret } from '../../utils/secret';
import { systemClock } from '../../vkApi/systemClock';
import type { TokenKind, TokenNews, VkApi } from '../../vkApi/types';
import type { DailyCaps } from './quotaForecast';
import { sharedTokensOf } from './sharedTokens';
import type { TokenVault } from './tokenVault';

/** Keeps what this process knows of the tokens and what all know of them the same. */
export interface TokenKeeper {
  /**
   * Resolves when the tokens are as PostgreSQL has them, or when it did not answer. Tokens of
   * VK_TOKENS that waited for a person are tried again: whoever starts a worker may have seen to them.
   * @param options.wakesWaiting false for a process that only answers: it must not queue what it cannot do
   */
  start(options?: { wakesWaiting?: boolean }): Promise<void>;
  /** Something happened that the others should hear of soon. Costs nothing; may be called at will. */
  nudge(): void;
  /** Tells and hears everything up to now, if PostgreSQL answers. Never throws. */
  sync(): Promise<void>;
  /**
   * To be called for a target that was told to wait, once this is stored: what it waits for may have
   * come meanwhile. @param sinceMs when it did not wait yet, by the monotonic clock
   */
  wakeIfReleasedSince(sinceMs: number): Promise<void>;
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

/**
 * One exchange with the other processes, by way of PostgreSQL: whether it released a token. The
 * first one that collects gives the tokens of the environment another try.
 */
const createExchange = (deps: Dependencies): ((isCollecting: boolean) => Promise<boolean>) => {
  const { vkApi, vkTokenStateRepository, vkQuotaRepository, withTransaction } = deps;
  const own = deps.ownTokens.map(({ kind, token }) => ({ kind, secret: new Secret(token) }));
  const environment = new Map(own.map(({ secret }) => [secret.fingerprint, secret]));

  const register = createChore(REGISTER_EVERY_MS, async () => {
    const rows = own.map(({ kind, secret: { fingerprint, last4 } }) => ({
      fingerprint,
      kind,
      last4,
    }));
    if (rows.length > 0) await vkTokenStateRepository.registerEnvironment(rows);
  });
  const retryOwn = createChore(Infinity, () =>
    vkTokenStateRepository.retryEnvironment([...environment.keys()]),
  );
  const clean = createChore(CLEAN_EVERY_MS, vkQuotaRepository.deleteOld);

  /** In one transaction, so that calls are counted once if reading fails after writing. */
  const saveAndList = (news: TokenNews): Promise<TokenStateRow[]> =>
    withTransaction(undefined, async (transaction) => {
      if (news.spent.length > 0) await vkQuotaRepository.add(news.spent, transaction);
      await vkTokenStateRepository.save(news, transaction);
      return vkTokenStateRepository.list(transaction);
    });

  return async (isCollecting) => {
    await register();
    if (isCollecting) await retryOwn();
    await clean();
    return vkApi.exchangeTokens(async (news) => {
      const rows = isEmpty(news) ? await vkTokenStateRepository.list() : await saveAndList(news);
      return sharedTokensOf(rows, { ...deps, environment });
    });
  };
};

/** Runs `work` one at a time; those who ask while it runs share the next run. */
const createGathered = (work: () => Promise<void>): (() => Promise<void>) => {
  let last = Promise.resolve();
  let next: Promise<void> | undefined;
  const run = (): Promise<void> => {
    next = undefined;
    return work();
  };
  return () => (next ??= last = last.then(run));
};

export const createTokenKeeper = (deps: Dependencies): TokenKeeper => {
  const exchange = createExchange(deps);
  let isAway = false;
  let isWaking = false;
  let isWakeDue = false;
  let releasedMs = -Infinity;
  let beat: Timer | undefined;
  let gathering: Timer | undefined;

  /** Who begins to wait meanwhile either is found or finds the time, which is set first. */
  const exchangeAndWake = async (): Promise<void> => {
    if (await exchange(isWaking)) {
      releasedMs = systemClock.monotonicMs();
      isWakeDue = isWaking;
    }
    if (isWakeDue) await deps.onReleased();
    isWakeDue = false;
  };

  /** PostgreSQL away stops nothing: requests go on by what is known here, and all is told later. */
  const sync = createGathered(async () => {
    try {
      await exchangeAndWake();
      if (isAway) deps.logger.info('state of the VK tokens is shared again');
      isAway = false;
    } catch (error) {
      if (!isAway) deps.logger.warn('state of the VK tokens is not shared', { error });
      isAway = true;
    }
  });

  return {
    sync,
    async wakeIfReleasedSince(sinceMs) {
      if (releasedMs >= sinceMs) await deps.onReleased();
    },
    async start({ wakesWaiting = true } = {}) {
      isWaking = wakesWaiting;
      await sync();
      beat ??= setInterval(() => void sync(), EVERY_MS);
    },
    nudge() {
      if (!beat || gathering) return;
      gathering = setTimeout(() => {
        gathering = undefined;
        void sync();
      }, GATHER_MS);
    },
    async stop() {
      if (!beat) return;
      clearInterval(beat);
      clearTimeout(gathering);
      beat = undefined;
      await sync();
    },
  };
};

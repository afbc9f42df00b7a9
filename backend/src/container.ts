import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Sequelize } from 'sequelize';
import type { Config } from '../config/env';
import packageJson from '../package.json';
import { connectClient, createDatabase, createReadDatabase } from '../config/database';
import { queue } from '../config/queue';
import { createRedis } from '../config/redis';
import { assertVkHost } from './assertVkHost';
import { createReadyQueue, type GetReadyQueue } from './jobs/readyQueue';
import { createTargetQueue } from './jobs/targetQueue';
import { createLifecycle, type Lifecycle } from './lifecycle';
import { createModels } from './models/models';
import { createAccessRepository } from './repositories/accessRepository';
import { createAuthorReadRepository } from './repositories/authorReadRepository';
import { createApiKeyRepository } from './repositories/apiKeyRepository';
import { createAuthorRepository } from './repositories/authorRepository';
import { createClaimRepository } from './repositories/claimRepository';
import { createCommentRepository } from './repositories/commentRepository';
import { createCommunityReadRepository } from './repositories/communityReadRepository';
import { createCommunityRepository } from './repositories/communityRepository';
import { createErasedNameRepository } from './repositories/erasedNameRepository';
import { createErasedRowRepository } from './repositories/erasedRowRepository';
import { createErasureRepository } from './repositories/erasureRepository';
import { createExportRepository } from './repositories/exportRepository';
import { createIdempotencyRepository } from './repositories/idempotencyRepository';
import { createMetricsRepository } from './repositories/metricsRepository';
import { createPostRepository } from './repositories/postRepository';
import { createReadSelect } from './repositories/readSelect';
import { createRecordFinder } from './repositories/recordFinder';
import { createRecordReadRepository } from './repositories/recordReadRepository';
import { createSealedTokenRepository } from './repositories/sealedTokenRepository';
import { createSessionRepository } from './repositories/sessionRepository';
import { createSearchRepository } from './repositories/searchRepository';
import { createSettingsRepository } from './repositories/settingsRepository';
import { createSignInAttemptRepository } from './repositories/signInAttemptRepository';
import { createStatsRepository } from './repositories/statsRepository';
import { createTargetRepository } from './repositories/targetRepository';
import { createTargetSnapshotRepository } from './repositories/targetSnapshotRepository';
import { createTaskControlRepository } from './repositories/taskControlRepository';
import { createTaskEventRepository } from './repositories/taskEventRepository';
import { createTaskLinksRepository } from './repositories/taskLinksRepository';
import { createTaskRepository } from './repositories/taskRepository';
import { createTaskSnapshotRepository } from './repositories/taskSnapshotRepository';
import { createVkQuotaRepository } from './repositories/vkQuotaRepository';
import { createUserRepository } from './repositories/userRepository';
import { createVkTokenRepository } from './repositories/vkTokenRepository';
import { createVkTokenStateRepository } from './repositories/vkTokenStateRepository';
import { createWalkRepository } from './repositories/walkRepository';
import { createWalkOutcomeRepository } from './repositories/walkOutcomeRepository';
import { createWalkSnapshotRepository } from './repositories/walkSnapshotRepository';
import { createWallOwnerRepository } from './repositories/wallOwnerRepository';
import { createWithTransaction } from './repositories/withTransaction';
import { createWriterNameRepository } from './repositories/writerNameRepository';
import { createApiKeyService } from './services/apiKeyService';
import { createCommunityLoader } from './services/collecting/communityLoader';
import { createPlanService } from './services/planning/planService';
import { createImportService } from './services/importing/importService';
import { createCursorService } from './services/cursorService';
import { createIdempotencyService } from './services/idempotencyService';
import { createErasureGuard } from './services/erasing/erasureGuard';
import { createErasureKey } from './services/erasing/erasureKey';
import { createErasureService } from './services/erasing/erasureService';
import { createExportService } from './services/exportService';
import { createMetricsService, type MetricsDependencies } from './services/metrics/metricsService';
import { createProcessMetrics } from './services/metrics/processMetrics';
import { createPasswords } from './services/passwords';
import { createRequestCounter } from './services/requestCounter';
import { createSessionService } from './services/sessionService';
import { createSignInThrottle } from './services/signInThrottle';
import { createReadService } from './services/reading/readService';
import { createRecordListService } from './services/reading/recordListService';
import { createStatsService } from './services/reading/statsService';
import { createRecordFilterService } from './services/searching/recordFilterService';
import { createSweepService } from './services/sweepService';
import type { TargetQueue } from './services/targetHint';
import { createTaskService } from './services/taskService';
import { createCheckToken } from './services/tokens/checkToken';
import { createKeyring } from './services/tokens/keyring';
import { createQuotaService } from './services/tokens/quotaService';
import { createTokenKeeper } from './services/tokens/tokenKeeper';
import { createTokenVault } from './services/tokens/tokenVault';
import {
  createVkTokenService,
  type VkTokenServiceDependencies,
} from './services/tokens/vkTokenService';
import { createUserService } from './services/userService';
import { createVkService } from './services/vkService';
import { createWakeWaiting } from './services/wakeWaiting';
import { createLogger, type Logger } from './utils/logger';
import { createVkApi } from './vkApi/client';
import type { VkApi } from './vkApi/types';

/** What a start file or a test may put in place of what would be made here. */
export interface ContainerOverrides {
  logger?: Logger;
  vkApi?: VkApi;
}

const createRepositories = (sequelize: Sequelize, config: Config) => {
  const models = createModels(sequelize);
  const taskRepository = createTaskRepository({ sequelize, models });
  return {
    models,
    withTransaction: createWithTransaction(sequelize),
    taskRepository,
    taskSnapshotRepository: createTaskSnapshotRepository({ sequelize }),
    claimRepository: createClaimRepository({ sequelize, models, taskRepository }),
    wallOwnerRepository: createWallOwnerRepository({ sequelize, models, taskRepository }),
    targetRepository: createTargetRepository({ sequelize, models, taskRepository }),
    targetSnapshotRepository: createTargetSnapshotRepository({ sequelize }),
    taskControlRepository: createTaskControlRepository({ sequelize, models, taskRepository }),
    taskEventRepository: createTaskEventRepository({ models }),
    taskLinksRepository: createTaskLinksRepository({ sequelize }),
    walkOutcomeRepository: createWalkOutcomeRepository({ sequelize, models }),
    walkRepository: createWalkRepository({ sequelize, models }),
    walkSnapshotRepository: createWalkSnapshotRepository({ sequelize }),
    postRepository: createPostRepository({ sequelize }),
    commentRepository: createCommentRepository({ sequelize }),
    authorRepository: createAuthorRepository({ sequelize }),
    communityRepository: createCommunityRepository({ sequelize }),
    settingsRepository: createSettingsRepository({ sequelize }),
    erasureRepository: createErasureRepository({ sequelize }),
    metricsRepository: createMetricsRepository({ sequelize }),
    erasedRowRepository: createErasedRowRepository({ sequelize }),
    erasedNameRepository: createErasedNameRepository({ sequelize }),
    idempotencyRepository: createIdempotencyRepository({ sequelize }),
    accessRepository: createAccessRepository({ sequelize }),
    apiKeyRepository: createApiKeyRepository({ sequelize }),
    userRepository: createUserRepository({ sequelize }),
    sessionRepository: createSessionRepository({ sequelize, life: config.access.session }),
    signInAttemptRepository: createSignInAttemptRepository({ sequelize }),
    vkQuotaRepository: createVkQuotaRepository({ sequelize }),
    vkTokenRepository: createVkTokenRepository({ sequelize }),
    sealedTokenRepository: createSealedTokenRepository({ sequelize }),
    vkTokenStateRepository: createVkTokenStateRepository({ sequelize }),
    exportRepository: createExportRepository({
      connect: () => connectClient(config.databaseUrl),
    }),
  };
};

/** Reading what was collected, on connections of its own. */
const createReading = (config: Config, lifecycle: Lifecycle) => {
  const sequelize = createReadDatabase(config.databaseUrl);
  lifecycle.onStop('database for reading', () => sequelize.close());
  const select = createReadSelect(sequelize);
  const communityReadRepository = createCommunityReadRepository({ select });
  const searchRepository = createSearchRepository({ select });
  const recordReadRepository = createRecordReadRepository({ select });
  const recordFilterService = createRecordFilterService({
    searchRepository,
    writerNameRepository: createWriterNameRepository({ select }),
  });
  return {
    recordFilterService,
    recordListService: createRecordListService({
      recordFilterService,
      recordFinder: createRecordFinder({ select, nowMs: () => performance.now() }),
      recordReadRepository,
      communityReadRepository,
    }),
    readService: createReadService({
      recordFilterService,
      recordReadRepository,
      authorReadRepository: createAuthorReadRepository({ select, nowMs: () => performance.now() }),
      communityReadRepository,
    }),
    statsService: createStatsService({
      recordFilterService,
      statsRepository: createStatsRepository({ select }),
      communityReadRepository,
    }),
  };
};

const secretsOf = (config: Config): string[] => [
  ...config.vk.tokens.map(({ token }) => token),
  ...[config.secret, config.secretPrevious].flatMap((secret) => secret ?? []),
  ...[config.databaseUrl, config.redisUrl].flatMap((url) => {
    const { password } = new URL(url);
    return password === '' ? [] : [decodeURIComponent(password)];
  }),
];

/** A short mark by which two settings can be compared without being shown. */
const fingerprint = (value: string): string =>
  createHash('sha256').update(value).digest('hex').slice(0, 12);

/** What a program may know of the settings, to tell whether it means the same installation. */
export const describeSettings = (config: Config): Record<string, string> => ({
  vk_api_url: config.vk.url,
  vk_api_version: config.vk.version,
  vk_user_rps: String(config.vk.userRps),
  vk_service_rps: String(config.vk.serviceRps),
  vk_daily_caps: JSON.stringify(
    Object.entries(config.vk.dailyCaps).sort(([one], [other]) => one.localeCompare(other)),
  ),
  vk_tokens: fingerprint(JSON.stringify(config.vk.tokens)),
  database_url: fingerprint(config.databaseUrl),
});

const openConnections = (config: Config, lifecycle: Lifecycle, logger: Logger) => {
  const sequelize = createDatabase(config.databaseUrl, config.poolMax);
  lifecycle.onStop('database', () => sequelize.close());
  const redis: Redis = createRedis(config.redisUrl);
  // An outage is told by those who need Redis; ioredis would throw an unheard event.
  redis.on('error', (error) => logger.debug('redis connection', { error }));
  lifecycle.onStop('redis', () => redis.disconnect());
  return { sequelize, redis };
};

/** Who may what. */
const createAccess = (
  repositories: ReturnType<typeof createRepositories>,
  { config, redis, logger }: { config: Config; redis: Redis; logger: Logger },
) => {
  const passwords = createPasswords(config.access.passwordCost);
  const signInThrottle = createSignInThrottle(repositories);
  const shared = { ...repositories, passwords, logger };
  return {
    apiKeyService: createApiKeyService(shared),
    userService: createUserService(shared),
    sessionService: createSessionService({ ...shared, signInThrottle }),
    requestCounter: createRequestCounter({ redis, prefix: config.redisPrefix, logger }),
  };
};

/** The way to VK, and the tokens for it. */
const createVkAccess = (
  parts: ReturnType<typeof createRepositories> &
    Pick<VkTokenServiceDependencies, 'wakeWaiting' | 'logger'>,
  { config, redis, lifecycle }: { config: Config; redis: Redis; lifecycle: Lifecycle },
  {
    vkApiOverride,
    onToken,
  }: { vkApiOverride: VkApi | undefined; onToken: (token: string) => void },
) => {
  const vkApi =
    vkApiOverride ??
    createVkApi({
      config: { ...config.vk, redisPrefix: config.redisPrefix },
      redis,
      logger: parts.logger,
      onTokenNews: () => tokenKeeper.nudge(),
    });
  const { tokens: ownTokens, dailyCaps } = config.vk;
  const keyring = createKeyring(config);
  const tokenVault = createTokenVault({ keyring, onToken });
  const erasureKey = createErasureKey({ ...parts, keyring });
  const shared = { ...parts, keyring, tokenVault, erasureKey, ownTokens, dailyCaps };
  const tokenKeeper = createTokenKeeper({ ...shared, vkApi, onReleased: parts.wakeWaiting });
  // Last in, first out: what the last requests brought is told too.
  lifecycle.onStop('tokenKeeper', () => tokenKeeper.stop());
  lifecycle.onStop('vkApi', () => vkApi.close());
  const checkToken = createCheckToken({ ...config, redis, logger: parts.logger });
  return {
    vkApi,
    tokenKeeper,
    keyring,
    tokenVault,
    erasureKey,
    vkTokenService: createVkTokenService({
      ...shared,
      checkToken,
      assertVkHost: () => assertVkHost({ ...parts, config }),
    }),
    quotaService: createQuotaService(shared),
  };
};

const paceOf = ({ vk: { userRps, serviceRps, communityRps, jitterMs, dailyCaps } }: Config) => ({
  rps: { user: userRps, service: serviceRps, community: communityRps },
  jitterMs,
  dailyCaps,
});

/** The queue is opened by the first hint, or by whoever looks at it first. */
const createHints = (
  config: Config,
  { lifecycle, redis, logger }: { lifecycle: Lifecycle; redis: Redis; logger: Logger },
): { targetQueue: TargetQueue; getReadyQueue: GetReadyQueue } => {
  let isQueueOpen = false;
  const getQueue = () => {
    const open = queue(config);
    if (!isQueueOpen) open.on('error', (error) => logger.debug('queue connection', { error }));
    isQueueOpen = true;
    return open;
  };
  lifecycle.onStop('queue', () => (isQueueOpen ? queue(config).close() : undefined));
  return {
    targetQueue: createTargetQueue(getQueue),
    getReadyQueue: createReadyQueue({ getQueue, pingRedis: () => redis.ping() }),
  };
};

/** What Prometheus reads of a process that serves HTTP. */
const createMetrics = (
  parts: Pick<
    MetricsDependencies,
    'metricsRepository' | 'vkTokenService' | 'quotaService' | 'logger'
  >,
  {
    sequelize,
    redis,
    getReadyQueue,
  }: { sequelize: Sequelize; redis: Redis; getReadyQueue: GetReadyQueue },
) => {
  const processMetrics = createProcessMetrics(packageJson.version);
  const metricsService = createMetricsService({
    ...parts,
    processMetrics,
    countJobs: async () => (await getReadyQueue()).getJobCounts(),
    dependencies: { postgres: () => sequelize.query('SELECT 1'), redis: () => redis.ping() },
  });
  return { processMetrics, metricsService };
};

/** The only place that wires. Opens connections on first use; `lifecycle.stop()` closes all. */
export const createContainer = (config: Config, overrides: ContainerOverrides = {}) => {
  const secrets = new Set(secretsOf(config));
  const { logLevel: level, logFormat: format } = config;
  const logger = overrides.logger ?? createLogger({ level, format, secrets });
  const lifecycle = createLifecycle(logger, config.worker.shutdownMs);
  const { sequelize, redis } = openConnections(config, lifecycle, logger);
  const repositories = createRepositories(sequelize, config);

  const { targetQueue, getReadyQueue } = createHints(config, { lifecycle, redis, logger });

  const wakeWaiting = createWakeWaiting({ ...repositories, targetQueue, logger });
  const vkAccess = createVkAccess(
    { ...repositories, wakeWaiting, logger },
    { config, redis, lifecycle },
    { vkApiOverride: overrides.vkApi, onToken: (token) => secrets.add(token) },
  );
  const { vkApi, tokenKeeper, erasureKey } = vkAccess;
  const erasureGuard = createErasureGuard({ ...repositories, erasureKey });

  const taskService = createTaskService({ ...repositories, targetQueue, logger });
  const vkService = createVkService({
    ...repositories,
    targetQueue,
    vkApi,
    tokenKeeper,
    erasureGuard,
    loader: createCommunityLoader(),
    logger,
    barrenClaimsMax: config.worker.barrenClaimsMax,
    settings: {
      raw: config.raw,
      walksMax: config.worker.walksMax,
      leaseMs: config.worker.leaseMs,
    },
    nowMs: () => performance.now(),
  });
  const reading = createReading(config, lifecycle);
  return {
    ...repositories,
    config,
    logger,
    lifecycle,
    sequelize,
    redis,
    ...vkAccess,
    taskService,
    vkService,
    erasureGuard,
    erasureService: createErasureService({ ...repositories, erasureKey, logger }),
    targetQueue,
    exportService: createExportService({ ...repositories, ...reading, logger }),
    ...createAccess(repositories, { config, redis, logger }),
    getReadyQueue,
    ...createMetrics({ ...repositories, ...vkAccess, logger }, { sequelize, redis, getReadyQueue }),
    cursorService: createCursorService(repositories),
    ...reading,
    idempotencyService: createIdempotencyService(repositories),
    importService: createImportService({
      ...repositories,
      vkApi,
      erasureGuard,
      assertVkHost: () => assertVkHost({ ...repositories, config }),
    }),
    planService: createPlanService({ ...repositories, vkApi, pace: paceOf(config) }),
    sweepService: createSweepService({
      ...repositories,
      targetQueue,
      logger,
      everyMs: config.worker.sweepMs,
    }),
  };
};

export type Container = ReturnType<typeof createContainer>;

import { readConfig, type Config } from '@stenograf/backend/config/env';
import { describeSettings as describeConfig } from '@stenograf/backend/container';
import { hasVkTokens } from '@stenograf/backend/hasVkTokens';
import { assertSchema, migrate } from '@stenograf/backend/migrate';
import { startServer } from '@stenograf/backend/server';
import { startWorker } from '@stenograf/backend/worker';
import { CliError, EXIT } from '../output/cliError';
import { resolveHome } from './home';
import { startEmbeddedServices } from './embeddedServices';
import { NoTokensError } from './NoTokensError';

type Environment = Readonly<Record<string, string | undefined>>;

export interface ServiceOptions {
  env: Environment;
  /** Set-up progress, a line at a time. */
  note: (line: string) => void;
  /** Refuses to start where there is nothing to collect with. */
  needTokens?: boolean;
}

export interface ServerOptions extends ServiceOptions {
  withWorker: boolean;
  /** `settings`: HOST and PORT. `free`: a free port of this machine alone. */
  listen: 'settings' | 'free';
}

/** A service that runs within this process. */
export interface InProcessService {
  url: string;
  /** A key with every right, for this machine's CLI alone. */
  internalKey: string;
  /** The API key that was made because there was none; shown once. */
  firstKey: string | null;
  /** Comparable values, no secrets; as GET /service shows them. */
  settings: Record<string, string>;
  /** Whether there is anything to collect with. */
  hasTokens: boolean;
  stop: () => Promise<void>;
}

/** Errors of ours whose message is made for people; anything else keeps its stack. */
const SENTENCE_ERRORS: ReadonlySet<string> = new Set(['AppError', 'EmbeddedError']);

const toCliError = (error: unknown): unknown => {
  if (!(error instanceof Error)) return error;
  if (error.name === 'ConfigError')
    return new CliError(EXIT.usage, error.message, { cause: error });
  if (SENTENCE_ERRORS.has(error.name)) {
    return new CliError(EXIT.failed, error.message, { cause: error });
  }
  return error;
};

/** Runs the steps in turn; when one fails, what the earlier ones opened is closed again. */
const withRelease = async <T>(release: () => Promise<void>, next: () => Promise<T>): Promise<T> => {
  try {
    return await next();
  } catch (error) {
    await release();
    throw toCliError(error);
  }
};

const withoutEmpty = (env: Environment): Environment =>
  Object.fromEntries(Object.entries(env).filter(([, value]) => value));

interface Prepared {
  config: Config;
  release: () => Promise<void>;
}

/**
 * The settings, with embedded services in place of those that no address is set for. The embedded
 * database is brought up to date; somebody else's is only checked.
 */
const prepare = async ({ env, note }: ServiceOptions): Promise<Prepared> => {
  const home = resolveHome(env);
  const needPostgres = !env['DATABASE_URL'];
  const needRedis = !env['REDIS_URL'];
  const embedded =
    needPostgres || needRedis
      ? await startEmbeddedServices({ home, log: note, needPostgres, needRedis })
      : null;
  const release = async (): Promise<void> => embedded?.release();
  return withRelease(release, async () => {
    const config = readConfig({
      ...env,
      STENOGRAF_HOME: home,
      DATABASE_URL: env['DATABASE_URL'] || (embedded?.databaseUrl ?? undefined),
      REDIS_URL: env['REDIS_URL'] || (embedded?.redisUrl ?? undefined),
    });
    if (needPostgres) await migrate(config.databaseUrl);
    else await assertSchema(config.databaseUrl);
    return { config, release };
  });
};

const prepareForPeople = (options: ServiceOptions): Promise<Prepared> =>
  prepare(options).catch((error: unknown) => {
    throw toCliError(error);
  });

const findTokens = async (config: Config, { needTokens }: ServiceOptions): Promise<boolean> => {
  const hasTokens = await hasVkTokens(config);
  if (needTokens && !hasTokens) throw new NoTokensError();
  return hasTokens;
};

const listenOptions = (config: Config, listen: ServerOptions['listen']): Config =>
  listen === 'settings' ? config : { ...config, host: '127.0.0.1', port: 0 };

/**
 * Starts the HTTP service, and a worker where asked, in this process.
 * @throws CliError with a sentence when a setting cannot be used or a service cannot be started.
 * @throws NoTokensError where tokens are needed and there are none.
 */
export const startService = async (options: ServerOptions): Promise<InProcessService> => {
  const { config, release } = await prepareForPeople(options);
  return withRelease(release, async () => {
    const hasTokens = await findTokens(config, options);
    const running = await startServer(listenOptions(config, options.listen), {
      withWorker: options.withWorker,
    });
    return {
      url: running.url,
      internalKey: running.internalKey,
      firstKey: running.firstKey,
      settings: describeConfig(config),
      hasTokens,
      stop: async () => {
        await running.stop();
        await release();
      },
    };
  });
};

/** Starts a worker alone. @throws as `startService` does. */
export const startWorkerService = async (
  options: ServiceOptions,
): Promise<{ stop: () => Promise<void> }> => {
  const { config, release } = await prepareForPeople(options);
  return withRelease(release, async () => {
    await findTokens(config, options);
    const worker = await startWorker(config);
    return {
      stop: async () => {
        await worker.stop();
        await release();
      },
    };
  });
};

/** Addresses for what is not set and not needed. */
const UNSET = { DATABASE_URL: 'postgres://unset', REDIS_URL: 'redis://unset' };

/**
 * The settings of a command that stores nothing. Addresses that are not set are made up.
 * @throws CliError with a sentence for a setting that cannot be used.
 */
export const readUnstoredConfig = (env: Environment): Config => {
  try {
    return readConfig({ ...UNSET, ...withoutEmpty(env) });
  } catch (error) {
    throw toCliError(error);
  }
};

/**
 * Brings the schema at DATABASE_URL up to date. @returns the names of the migrations that ran.
 * @throws CliError with a sentence.
 */
export const migrateDatabase = async (env: Environment): Promise<string[]> => {
  try {
    return await migrate(readConfig({ ...UNSET, ...withoutEmpty(env) }).databaseUrl);
  } catch (error) {
    throw toCliError(error);
  }
};

/**
 * What GET /service would show for these settings. Addresses that are not set are made up: compare
 * only what is.
 * @throws CliError with a sentence for a setting that cannot be used.
 */
export const describeSettings = (env: Environment): Record<string, string> =>
  describeConfig(readUnstoredConfig(env));

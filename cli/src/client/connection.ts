import type { CommandContext, Environment } from '../commands/context';
import { resolveHome } from '../embedded/home';
import { NoTokensError } from '../embedded/NoTokensError';
import { readServerFile } from '../embedded/serverFile';
import type { InProcessService, ServerOptions } from '../embedded/service';
import { CliError, createUsageError, EXIT } from '../output/cliError';
import { createApiClient, type ApiClient } from './apiClient';

/** A service that a command may talk to, wherever it runs. */
export interface Connection {
  client: ApiClient;
  /** True when it lives in this process and ends with it. */
  embedded: boolean;
  /** Safe to repeat; ends an embedded service. */
  readonly release: () => Promise<void>;
}

interface ServiceAddress {
  url: string;
  key: string;
}

const createClient = ({ url, key }: ServiceAddress, context: CommandContext): ApiClient => {
  const { language, sentences, interrupt } = context;
  return createApiClient({ url, key, language, sentences, signal: interrupt.signal });
};

const parseServerUrl = (value: string, { sentences }: CommandContext): string => {
  const url = URL.parse(value);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw createUsageError(sentences.badServerUrl(value));
  }
  return url.href.replace(/\/+$/, '').replace(/\/api\/v1$/, '');
};

const findAddress = async (
  server: string | undefined,
  context: CommandContext,
): Promise<ServiceAddress | null> => {
  const { env, sentences } = context;
  const named = server ?? env['STENOGRAF_SERVER'];
  if (!named) return readServerFile(resolveHome(env));
  const url = parseServerUrl(named, context);
  const key = env['STENOGRAF_API_KEY'];
  if (!key) throw new CliError(EXIT.noPermission, sentences.serverNeedsKey(url));
  return { url, key };
};

/** Settings that decide whose data is collected with whose token. */
const isDecisive = (name: string): boolean => name === 'DATABASE_URL' || name.startsWith('VK_');

/** Work would be done with the service's settings; who has set others here means another service. */
const assertSameSettings = async (
  client: ApiClient,
  { env, sentences }: CommandContext,
): Promise<void> => {
  const named = Object.keys(env).filter((name) => isDecisive(name) && env[name]);
  if (named.length === 0) return;
  const { describeSettings } = await import('../embedded/service');
  const here = describeSettings(env);
  const { settings: there } = await client.call('GET /service');
  const different = named.filter((name) => {
    const key = name.toLowerCase();
    return key in there && here[key] !== there[key];
  });
  if (different.length > 0) {
    throw createUsageError(sentences.settingsDiffer(different.join(', '), client.url));
  }
};

/**
 * The service that `--server` or STENOGRAF_SERVER names, else the running one of this home, else
 * null.
 * @throws CliError when a key is missing, or the settings here differ from the service's.
 */
export const findService = async (
  { server }: { server?: string },
  context: CommandContext,
): Promise<Connection | null> => {
  const address = await findAddress(server, context);
  if (address === null) return null;
  const client = createClient(address, context);
  await assertSameSettings(client, context);
  return { client, embedded: false, release: () => Promise.resolve() };
};

/** A service of ours, with what whoever started it may know. */
export interface InProcessConnection extends Connection {
  readonly service: InProcessService;
}

/** Messages for people come from the CLI; what the service logs matters only when it fails. */
const quiet = (env: Environment): Environment => ({ LOG_LEVEL: 'error', ...env });

export interface InProcessOptions extends Pick<ServerOptions, 'withWorker' | 'needTokens'> {
  /** A free port by default. */
  listen?: ServerOptions['listen'];
  /** A key that nobody is told is lost; told by default. */
  tellFirstKey?: boolean;
}

/** The sentence in place of the error; anything else is thrown again. */
export const failForTokens = ({ sentences, cli }: CommandContext, error: unknown): never => {
  if (!(error instanceof NoTokensError)) throw error;
  throw new CliError(EXIT.noPermission, sentences.noTokens(cli), { cause: error });
};

/** Starts the service within this process. @throws CliError where tokens are needed and missing. */
export const startInProcess = async (
  { withWorker, needTokens = false, listen = 'free', tellFirstKey = true }: InProcessOptions,
  context: CommandContext,
): Promise<InProcessConnection> => {
  // Loaded only here: the service is most of the program, and most commands need none of it.
  const { startService } = await import('../embedded/service');
  const { env, note, sentences } = context;
  const options = { env: quiet(env), note, withWorker, needTokens, listen };
  const service = await startService(options).catch((error: unknown) =>
    failForTokens(context, error),
  );
  if (service.firstKey !== null && tellFirstKey) note(sentences.firstKey(service.firstKey));
  return {
    client: createOwnClient(service, context),
    embedded: true,
    release: service.stop,
    service,
  };
};

/** Speaks to a service that this process runs, with its internal key. */
export const createOwnClient = (
  { url, internalKey }: InProcessService,
  context: CommandContext,
): ApiClient => createClient({ url, key: internalKey }, context);

/** A service of our own that collects. @throws CliError where there is no token to do it with. */
export const startForWork = (context: CommandContext): Promise<InProcessConnection> =>
  startInProcess({ withWorker: true, needTokens: true }, context);

/** The running service, else one of our own for as long as the command lasts. */
export const openService = async (
  options: { server?: string; withWorker: boolean },
  context: CommandContext,
): Promise<Connection> => (await findService(options, context)) ?? startInProcess(options, context);

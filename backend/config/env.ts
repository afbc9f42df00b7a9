import Joi from 'joi';
import { ACCESS_SETTINGS, readAccess, type AccessConfig } from './access';

export type TokenKind = 'user' | 'service' | 'community';

export interface VkToken {
  kind: TokenKind;
  token: string;
}

/** Everything that a process may be told from outside; made once, by a start file. */
export interface Config {
  databaseUrl: string;
  redisUrl: string;
  /** Prefix of every Redis key, so that several installations can share a server. */
  redisPrefix: string;
  home: string | null;
  /** Encrypts the tokens in the database; null: a secret of the home is used, if there is a home. */
  secret: string | null;
  /** Decrypts what is not yet under `secret`. */
  secretPrevious: string | null;
  host: string;
  port: number;
  corsOrigins: string[];
  access: AccessConfig;
  logLevel: 'debug' | 'info' | 'warn' | 'error';
  logFormat: 'json' | 'pretty';
  raw: 'posts' | 'all' | 'none';
  vk: {
    url: string;
    version: string;
    tokens: VkToken[];
    userRps: number;
    serviceRps: number;
    communityRps: number;
    /** Calls of a method that a token may make within any 24 hours; methods left out have no cap. */
    dailyCaps: Record<string, number>;
    /** Milliseconds by which a request may reach VK early or late without breaking its limit. */
    jitterMs: number;
    requestTimeoutMs: number;
    responseBytesMax: number;
    attemptsMax: number;
    inFlightMax: number;
  };
  worker: {
    /** Targets collected at once by one process. */
    targetsMax: number;
    /** Lists of one target read at once. */
    walksMax: number;
    leaseMs: number;
    sweepMs: number;
    /** Claims in a row that committed nothing before a target is failed. */
    barrenClaimsMax: number;
    /** Milliseconds that a process takes at most to stop. */
    shutdownMs: number;
  };
  poolMax: number;
}

/** A setting that cannot be used; the message names it and is made for people. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const splitList = (value: string): string[] =>
  value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** A colon without a known kind before it is a slip of the pen, not a token. */
const TOKEN = /^(?:(?:user|service|community):\S+|[^\s:]+)$/;

const parseToken = (entry: string): VkToken => {
  const match = /^(user|service|community):(.+)$/s.exec(entry);
  if (match?.[1] && match[2]) return { kind: match[1] as TokenKind, token: match[2] };
  // VK's tokens hold no colon: this is a kind that does not exist, or one without a token.
  if (entry.includes(':')) {
    throw new ConfigError('VK_TOKENS holds an entry whose kind is not user, service or community.');
  }
  return { kind: 'user', token: entry };
};

/** `method=calls`, as VK writes its methods; 0 calls stand for no cap. */
const DAILY_CAP = /^[a-z]+\.[a-z]+=\d{1,9}$/i;

const parseDailyCaps = (value: string): Record<string, number> => {
  const caps = splitList(value).map((entry): [string, number] => {
    const [method = '', calls] = entry.split('=');
    return [method, Number(calls)];
  });
  return Object.fromEntries(caps.filter(([, calls]) => calls > 0));
};

/** So many characters at least: shorter ones could be guessed by whoever has the database. */
const SECRET_LENGTH_MIN = 32;

const httpUrl = Joi.string().uri({ scheme: ['http', 'https'] });

const SCHEMA = Joi.object({
  DATABASE_URL: Joi.string()
    .uri({ scheme: ['postgres', 'postgresql'] })
    .required(),
  REDIS_URL: Joi.string()
    .uri({ scheme: ['redis', 'rediss'] })
    .required(),
  STENOGRAF_REDIS_PREFIX: Joi.string()
    .pattern(/^[\w-]+$/)
    .default('stenograf'),
  STENOGRAF_HOME: Joi.string().allow('').default(''),
  STENOGRAF_SECRET: Joi.string().trim().min(SECRET_LENGTH_MIN).default(''),
  STENOGRAF_SECRET_PREVIOUS: Joi.string().trim().min(SECRET_LENGTH_MIN).default(''),
  STENOGRAF_RAW: Joi.string().valid('posts', 'all', 'none').default('posts'),
  HOST: Joi.string().hostname().default('127.0.0.1'),
  PORT: Joi.number().port().default(3000),
  ...ACCESS_SETTINGS,
  LOG_LEVEL: Joi.string().valid('debug', 'info', 'warn', 'error').default('info'),
  LOG_FORMAT: Joi.string().valid('json', 'pretty').default('json'),
  VK_API_URL: httpUrl.default('https://api.vk.ru/method'),
  VK_API_VERSION: Joi.string()
    .pattern(/^5\.\d{1,3}$/)
    .default('5.199'),
  VK_TOKENS: Joi.string()
    .custom((value: string, { error }) =>
      splitList(value).every((entry) => TOKEN.test(entry)) ? value : error('any.invalid'),
    )
    .default(''),
  VK_USER_RPS: Joi.number().positive().max(100).default(3),
  VK_SERVICE_RPS: Joi.number().positive().max(100).default(3),
  // VK's own numbers, from its pages about the methods.
  VK_DAILY_CAPS: Joi.string()
    .custom((value: string, { error }) =>
      splitList(value).every((entry) => DAILY_CAP.test(entry)) ? value : error('any.invalid'),
    )
    .default('wall.get=5000,wall.search=1000,newsfeed.search=1000'),
  VK_JITTER_MS: Joi.number().integer().min(20).max(1000).default(100),
  VK_ATTEMPTS_MAX: Joi.number().integer().min(1).max(20).default(7),
  VK_TIMEOUT_MS: Joi.number().integer().min(100).max(120_000).default(20_000),
  STENOGRAF_LEASE_MS: Joi.number().integer().min(500).default(30_000),
  STENOGRAF_SWEEP_MS: Joi.number().integer().min(50).default(5_000),
});

const problemOf = (type: string | undefined): string => {
  if (type === 'any.required') return 'is not set';
  if (type === 'string.min') return `needs ${SECRET_LENGTH_MIN} characters or more`;
  return 'has a value that cannot be used';
};

const readValidated = (env: Record<string, string | undefined>): Record<string, never> => {
  const present = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const { value, error } = SCHEMA.validate(present, {
    stripUnknown: true,
    abortEarly: true,
    errors: { wrap: { label: false } },
  });
  // Joi's own message would repeat the value, which may be a password or a token.
  if (error) {
    const name = String(error.details[0]?.path[0] ?? 'the settings');
    throw new ConfigError(`${name} ${problemOf(error.details[0]?.type)}.`);
  }
  return value as Record<string, never>;
};

/**
 * Environment → configuration. A pure function: the only reader of process.env is the start file
 * that calls it.
 * @throws ConfigError naming the setting, never its value.
 */
export const readConfig = (env: Record<string, string | undefined>): Config => {
  const value = readValidated(env) as unknown as Record<string, string> & {
    PORT: number;
    RATE_LIMIT_PER_MINUTE: number;
    TRUST_PROXY: string;
    VK_USER_RPS: number;
    VK_SERVICE_RPS: number;
    VK_JITTER_MS: number;
    VK_ATTEMPTS_MAX: number;
    VK_TIMEOUT_MS: number;
    STENOGRAF_LEASE_MS: number;
    STENOGRAF_SWEEP_MS: number;
    LOG_LEVEL: Config['logLevel'];
    LOG_FORMAT: Config['logFormat'];
    STENOGRAF_RAW: Config['raw'];
  };
  const text = (name: string): string => value[name] ?? '';
  return {
    databaseUrl: text('DATABASE_URL'),
    redisUrl: text('REDIS_URL'),
    redisPrefix: text('STENOGRAF_REDIS_PREFIX'),
    home: text('STENOGRAF_HOME') || null,
    secret: text('STENOGRAF_SECRET') || null,
    secretPrevious: text('STENOGRAF_SECRET_PREVIOUS') || null,
    host: text('HOST'),
    port: value.PORT,
    corsOrigins: splitList(text('CORS_ORIGINS')),
    access: readAccess(value),
    logLevel: value.LOG_LEVEL,
    logFormat: value.LOG_FORMAT,
    raw: value.STENOGRAF_RAW,
    vk: {
      url: text('VK_API_URL').replace(/\/+$/, ''),
      version: text('VK_API_VERSION'),
      tokens: splitList(text('VK_TOKENS')).map(parseToken),
      userRps: value.VK_USER_RPS,
      serviceRps: value.VK_SERVICE_RPS,
      communityRps: 20,
      dailyCaps: parseDailyCaps(text('VK_DAILY_CAPS')),
      jitterMs: value.VK_JITTER_MS,
      requestTimeoutMs: value.VK_TIMEOUT_MS,
      responseBytesMax: 32 * 1024 * 1024,
      attemptsMax: value.VK_ATTEMPTS_MAX,
      inFlightMax: 8,
    },
    worker: {
      targetsMax: 16,
      walksMax: 60,
      leaseMs: value.STENOGRAF_LEASE_MS,
      sweepMs: value.STENOGRAF_SWEEP_MS,
      barrenClaimsMax: 20,
      // Supervisors commonly kill after ten seconds; a step that hangs must not bring that about.
      shutdownMs: 9_000,
    },
    poolMax: 20,
  };
};

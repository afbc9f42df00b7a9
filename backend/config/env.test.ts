import { describe, expect, test } from 'bun:test';
import { ConfigError, readConfig } from './env';

const LEAST = {
  DATABASE_URL: 'postgres://reader:pass-word@127.0.0.1:5432/stenograf',
  REDIS_URL: 'redis://:pass-word@127.0.0.1:6379',
};

const refusalOf = (env: Record<string, string | undefined>): string => {
  try {
    readConfig({ ...LEAST, ...env });
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return 'accepted';
};

/** Each holds a word that must not be repeated. */
const BAD: Record<string, string[]> = {
  DATABASE_URL: ['mysql://u:secret@h/x', 'secret'],
  REDIS_URL: ['http://secret', 'secret'],
  STENOGRAF_REDIS_PREFIX: ['secret:x', 'secret prefix'],
  STENOGRAF_RAW: ['secret'],
  HOST: ['secret/host', 'secret host'],
  PORT: ['secret', '-1', '65536', '3000secret'],
  LOG_LEVEL: ['secret'],
  LOG_FORMAT: ['secret'],
  VK_API_URL: ['ftp://secret/method', 'secret'],
  VK_API_VERSION: ['secret', '6.0', '5.1999'],
  VK_TOKENS: ['servise:secret', 'user:a,robot:secret', 'vk1.a.secret with a space', 'user:'],
  VK_USER_RPS: ['0', '-3', 'secret', '101'],
  VK_SERVICE_RPS: ['0', 'secret'],
  VK_DAILY_CAPS: ['secret', 'wall.get', 'wall.get=secret', 'wall.get=-1', 'wall.get=1.5', 'get=5'],
  VK_JITTER_MS: ['0', '1.5', 'secret'],
  VK_ATTEMPTS_MAX: ['0', '21', 'secret'],
  VK_TIMEOUT_MS: ['1', 'secret'],
  STENOGRAF_LEASE_MS: ['1', 'secret'],
  STENOGRAF_SWEEP_MS: ['0', 'secret'],
};

describe('a setting that cannot be used', () => {
  for (const [name, values] of Object.entries(BAD)) {
    test(`${name} is refused by its name, without its value`, () => {
      for (const value of values) {
        expect(refusalOf({ [name]: value })).toBe(`${name} has a value that cannot be used.`);
      }
    });
  }

  for (const name of ['STENOGRAF_SECRET', 'STENOGRAF_SECRET_PREVIOUS']) {
    test(`${name} is refused when it is too short to be one`, () => {
      expect(refusalOf({ [name]: 'x'.repeat(31) })).toBe(`${name} needs 32 characters or more.`);
      expect(refusalOf({ [name]: 'x'.repeat(32) })).toBe('accepted');
    });
  }

  test('is told as missing where it is needed and empty or not there', () => {
    for (const value of ['', undefined]) {
      expect(refusalOf({ DATABASE_URL: value })).toBe('DATABASE_URL is not set.');
      expect(refusalOf({ REDIS_URL: value })).toBe('REDIS_URL is not set.');
    }
  });
});

describe('the configuration', () => {
  test('needs two addresses and takes the rest as the documents say', () => {
    expect(readConfig(LEAST)).toMatchObject({
      databaseUrl: LEAST.DATABASE_URL,
      redisUrl: LEAST.REDIS_URL,
      home: null,
      host: '127.0.0.1',
      port: 3000,
      corsOrigins: [],
      logLevel: 'info',
      raw: 'posts',
      vk: {
        url: 'https://api.vk.ru/method',
        version: '5.199',
        tokens: [],
        userRps: 3,
        serviceRps: 3,
        jitterMs: 100,
      },
    });
  });

  test('takes an empty setting for one that is not there', () => {
    const empty = Object.fromEntries(
      Object.keys(BAD)
        .filter((name) => !(name in LEAST))
        .map((name) => [name, '']),
    );
    expect(readConfig({ ...LEAST, ...empty })).toEqual(readConfig(LEAST));
  });

  test('reads tokens with and without their kind, and lists with blanks', () => {
    const { vk, corsOrigins } = readConfig({
      ...LEAST,
      VK_TOKENS: ' vk1.a.one , service:two,community:vk1.a.three,user:four:five ,',
      CORS_ORIGINS: 'https://a.example, https://b.example',
    });
    expect(vk.tokens).toEqual([
      { kind: 'user', token: 'vk1.a.one' },
      { kind: 'service', token: 'two' },
      { kind: 'community', token: 'vk1.a.three' },
      { kind: 'user', token: 'four:five' },
    ]);
    expect(corsOrigins).toEqual(['https://a.example', 'https://b.example']);
  });

  test('knows the daily caps that VK names, and takes others, none among them', () => {
    const capsOf = (VK_DAILY_CAPS?: string) => readConfig({ ...LEAST, VK_DAILY_CAPS }).vk.dailyCaps;
    expect(capsOf()).toEqual({ 'wall.get': 5000, 'wall.search': 1000, 'newsfeed.search': 1000 });
    expect(capsOf('wall.get=0, wall.getComments=70,')).toEqual({ 'wall.getComments': 70 });
    expect(capsOf('wall.get=0')).toEqual({});
  });

  test("takes VK's address with or without a slash at its end", () => {
    const { vk } = readConfig({ ...LEAST, VK_API_URL: 'http://127.0.0.1:8080/method//' });
    expect(vk.url).toBe('http://127.0.0.1:8080/method');
  });

  test('is made of what it is given alone', () => {
    process.env.PORT = '1234';
    try {
      expect(readConfig(LEAST).port).toBe(3000);
    } finally {
      delete process.env.PORT;
    }
  });
});

import { describe, expect, test } from 'bun:test';
import { readConfig } from './env';

const read = (env: Record<string, string>) =>
  readConfig({ DATABASE_URL: 'postgres://x', REDIS_URL: 'redis://x', ...env });

describe('TRUST_PROXY', () => {
  test.each<[string, number | string[]]>([
    ['', 0],
    ['1', 1],
    ['loopback', ['loopback']],
    ['10.0.0.0/8, ::1', ['10.0.0.0/8', '::1']],
    ['2001:db8::/48', ['2001:db8::/48']],
  ])('%p names proxies', (value, expected) => {
    expect(read({ TRUST_PROXY: value }).access.trustProxy).toEqual(expected);
  });

  test.each(['true', '*', '0.0.0.0/33', '::/129', 'proxy.example', '10.0.0.1,', '12'])(
    '%p is refused',
    (value) => {
      expect(() => read({ TRUST_PROXY: value })).toThrow('TRUST_PROXY');
    },
  );
});

describe('CORS_ORIGINS', () => {
  test('lists origins', () => {
    const { corsOrigins } = read({ CORS_ORIGINS: 'https://a.example, http://localhost:5173' });
    expect(corsOrigins).toEqual(['https://a.example', 'http://localhost:5173']);
  });

  test.each(['*', 'null', 'a.example', 'https://a.example/', 'https://a.example/x', 'file:///a'])(
    '%p is refused',
    (value) => {
      expect(() => read({ CORS_ORIGINS: value })).toThrow('CORS_ORIGINS');
    },
  );
});

test('a hash of a password costs 64 MB and three passes by default', () => {
  expect(read({}).access.passwordCost).toEqual({ memoryKib: 65_536, passes: 3 });
});

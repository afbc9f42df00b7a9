import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKeyring, type KeyringSettings } from './keyring';

const SECRET = 'one secret of thirty-two letters';
const OTHER = 'two secrets of thirty-two letter';

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'stenograf-keyring-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const ring = (settings: Partial<KeyringSettings> = {}) =>
  createKeyring({ secret: null, secretPrevious: null, home, ...settings });

const file = (): string => join(home, 'secret');
const lines = (): string[] => readFileSync(file(), 'utf8').trimEnd().split('\n');

describe('a secret of the settings', () => {
  test('is used, and no file is made', () => {
    const keyring = ring({ secret: SECRET });
    keyring.prepare();
    keyring.renew();
    expect(keyring.current().keyId).toBe(ring({ secret: SECRET, home: null }).current().keyId);
    expect(readdirSync(home)).toEqual([]);
  });

  test('that is no longer in use still reads, and so does that of the file', () => {
    const before = ring({ secret: SECRET }).current();
    const inFile = ring().current();
    const now = ring({ secret: OTHER, secretPrevious: SECRET });
    expect(now.find(before.keyId)?.open(before.seal('x', 'y'), 'y')).toBe('x');
    expect(now.find(inFile.keyId)?.open(inFile.seal('x', 'y'), 'y')).toBe('x');
    expect(now.current().keyId).not.toBe(before.keyId);
    expect(ring({ secret: OTHER, home: null }).find(before.keyId)).toBeNull();
  });
});

describe('a secret of the home', () => {
  test('is made once, for its owner alone, and shared', () => {
    const first = ring();
    first.prepare();
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(ring().current().keyId).toBe(first.current().keyId);
    expect(readdirSync(home)).toEqual(['secret']);
  });

  test('that another process has renewed is found, and used from then on', () => {
    const running = ring();
    const old = running.current();
    ring().renew();
    const renewed = ring().current();
    expect(running.find(renewed.keyId)).not.toBeNull();
    expect(running.current().keyId).toBe(renewed.keyId);
    expect(running.find(old.keyId)).not.toBeNull();
    expect(ring().find(old.keyId)).not.toBeNull();
  });

  test('stays in the file while it is in use, and the newest always does', () => {
    const [first, second] = [ring().current(), (ring().renew(), ring().current())];
    ring().renew();
    ring().forgetUnused(new Set([first.keyId]));
    expect(lines()).toHaveLength(2);
    expect(ring().find(first.keyId)).not.toBeNull();
    expect(ring().find(second.keyId)).toBeNull();
    ring().forgetUnused(new Set());
    expect(lines()).toHaveLength(1);
  });

  test.each([
    ['', 'no usable secret'],
    ['too short', 'no usable secret'],
  ])('that nobody can use is neither used nor overwritten: %j', (text, sentence) => {
    writeFileSync(file(), text);
    const keyring = ring();
    keyring.prepare();
    expect(() => keyring.current()).toThrow(sentence);
    expect(() => keyring.renew()).toThrow(sentence);
    expect(keyring.find('0123456789abcdef')).toBeNull();
    expect(readFileSync(file(), 'utf8')).toBe(text);
  });
});

test('without a setting and without a place for a file it is said what to do', () => {
  const homeless = ring({ home: null });
  homeless.prepare();
  expect(() => homeless.current()).toThrow('set STENOGRAF_SECRET, or STENOGRAF_HOME');
  const closed = ring({ home: join(file(), 'below-a-file') });
  writeFileSync(file(), 'a file');
  closed.prepare();
  expect(() => closed.current()).toThrow('STENOGRAF_SECRET');
});

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { createHash } from 'node:crypto';
import { createApiKeyService } from '../../../src/services/apiKeyService';
import { startApi, type TestApi } from './startApi';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const createServiceAt = (clock: { now: number }) =>
  createApiKeyService({ ...api, now: () => clock.now });

describe('an API key', () => {
  test('has 190 random bits or more and never comes twice', async () => {
    const keys = await Promise.all(
      Array.from({ length: 50 }, () => api.apiKeyService.createKey({ name: 'x', scope: 'read' })),
    );
    expect(new Set(keys.map(({ key }) => key)).size).toBe(50);
    for (const { key } of keys) {
      expect(key).toMatch(/^stg_[0-9A-Za-z]+$/);
      expect((key.length - 'stg_'.length) * Math.log2(62)).toBeGreaterThan(190);
    }
  });

  test('is kept as its hash and its last four characters', async () => {
    const { id, key } = await api.apiKeyService.createKey({ name: 'hashed', scope: 'write' });
    const [row] = await api.query<Record<string, unknown>>(
      `SELECT id, encode(key_hash, 'hex') AS hash, last4, scope, k::text AS everything
       FROM api_keys k WHERE id = $1`,
      [id],
    );
    expect(row).toMatchObject({
      hash: createHash('sha256').update(key).digest('hex'),
      last4: key.slice(-4),
      scope: 'write',
    });
    expect(String(row?.['everything'])).not.toContain(key.slice(4, -4));
    expect(await api.apiKeyService.authenticate(key)).toEqual({ kind: 'key', id, scope: 'write' });
  });

  test('that another process revoked ends within 5 seconds', async () => {
    const clock = { now: 0 };
    const here = createServiceAt(clock);
    const { id, key } = await here.createKey({ name: 'shared', scope: 'read' });
    expect(await here.authenticate(key)).toEqual({ kind: 'key', id, scope: 'read' });
    await createServiceAt({ now: 0 }).revokeKey(id);
    clock.now = 5_000;
    expect(await here.authenticate(key)).toBeNull();
  });

  test('that was revoked here ends at once, and only once', async () => {
    const { id, key } = await api.apiKeyService.createKey({ name: 'brief', scope: 'read' });
    expect(await api.apiKeyService.authenticate(key)).not.toBeNull();
    await api.apiKeyService.revokeKey(id);
    expect(await api.apiKeyService.authenticate(key)).toBeNull();
    const again = api.apiKeyService.revokeKey(id);
    expect(await again.catch(({ code }: { code: string }) => code)).toBe('not_found');
  });

  test('that was made after it was tried is valid at once', async () => {
    const key = `stg_${'0'.repeat(33)}`;
    expect(await api.apiKeyService.authenticate(key)).toBeNull();
    await api.apiKeyRepository.insertKey({
      name: 'late',
      keyHash: createHash('sha256').update(key).digest(),
      last4: '0000',
      scope: 'read',
      expiresAt: null,
    });
    expect(await api.apiKeyService.authenticate(key)).not.toBeNull();
  });
});

describe('the start of a service', () => {
  test('makes the first admin key once, however many start at the same time', async () => {
    await api.query('DELETE FROM api_keys');
    const started = await Promise.all(
      ['a', 'b', 'c'].map((name) => api.apiKeyService.ensureKeys(name)),
    );
    const first = started.flatMap(({ firstAdminKey }) => firstAdminKey ?? []);
    expect(first).toHaveLength(1);
    expect(await api.apiKeyService.authenticate(first[0] ?? '')).toMatchObject({ scope: 'admin' });
    for (const { internal } of started) {
      expect(await api.apiKeyService.authenticate(internal.key)).toMatchObject({ scope: 'admin' });
    }
    expect((await api.apiKeyService.ensureKeys('d')).firstAdminKey).toBeNull();
  });

  test('ends the internal key of the start before, and only that of its own name', async () => {
    const other = await api.apiKeyService.ensureKeys('other');
    const before = await api.apiKeyService.ensureKeys('mine');
    const now = await api.apiKeyService.ensureKeys('mine');
    expect(await api.apiKeyService.authenticate(before.internal.key)).toBeNull();
    expect(await api.apiKeyService.authenticate(now.internal.key)).not.toBeNull();
    expect(await api.apiKeyService.authenticate(other.internal.key)).not.toBeNull();
  });

  test('makes a new admin key when the last one was revoked', async () => {
    await api.query("UPDATE api_keys SET revoked_at = now() WHERE scope = 'admin'");
    const { firstAdminKey } = await api.apiKeyService.ensureKeys('again');
    expect(firstAdminKey).toStartWith('stg_');
  });
});

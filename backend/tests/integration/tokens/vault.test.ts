import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { QueryTypes } from 'sequelize';
import { readConfig } from '../../../config/env';
import { createContainer, type Container } from '../../../src/container';
import { rotateSecret } from '../../../src/services/tokens/rotateSecret';
import { createMigratedDatabase } from '../../support/migratedDatabase';
import { testServices } from '../../support/services';

const OLD = 'the old secret of this installation';
const NEW = 'the new secret of this installation';
const TOKENS = Array.from({ length: 5 }, (_, index) => `FAKE-vault-token-000${index}`);

let database: Awaited<ReturnType<typeof createMigratedDatabase>>;
let redisUrl: string;
let home: string;
let running: Container[] = [];

beforeAll(async () => {
  ({ redisUrl } = await testServices());
  database = await createMigratedDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'stenograf-rotation-'));
});
afterEach(async () => {
  await query('DELETE FROM vk_tokens');
  await Promise.all(running.map(({ lifecycle }) => lifecycle.stop()));
  running = [];
  await rm(home, { recursive: true });
});

const environment = (env: Record<string, string> = {}) => ({
  DATABASE_URL: database.databaseUrl,
  REDIS_URL: redisUrl,
  STENOGRAF_HOME: home,
  LOG_LEVEL: 'error',
  ...env,
});

/** One more process of this installation. */
const open = (env: Record<string, string> = {}): Container => {
  const container = createContainer(readConfig(environment(env)));
  running.push(container);
  return container;
};

const query = <Row extends object>(sql: string, bind: unknown[] = []): Promise<Row[]> =>
  (running[0] ?? open()).sequelize.query<Row>(sql, { bind, type: QueryTypes.SELECT });

const fill = async (container: Container, tokens = TOKENS): Promise<void> => {
  for (const token of tokens) {
    await container.vkTokenService.addToken({ token, kind: 'user', name: null });
  }
};

/** What a process reads that has just started, in the order of the rows. */
const readAll = async ({ tokenVault }: Container = open()): Promise<(string | null)[]> => {
  const rows = await query<{ fingerprint: string; ciphertext: Buffer; keyId: string }>(
    'SELECT fingerprint, ciphertext, key_id AS "keyId" FROM vk_tokens ORDER BY id',
  );
  return rows.map((row) => tokenVault.open(row));
};

const secretLines = async (): Promise<string[]> =>
  (await readFile(join(home, 'secret'), 'utf8')).trimEnd().split('\n');

describe('a row of the vault', () => {
  test('that was given the ciphertext of another is unreadable, and the rest is not', async () => {
    const container = open();
    await fill(container, TOKENS.slice(0, 3));
    await query(`UPDATE vk_tokens SET ciphertext = other.ciphertext FROM vk_tokens AS other
      WHERE vk_tokens.id = (SELECT min(id) FROM vk_tokens)
        AND other.id = (SELECT max(id) FROM vk_tokens)`);
    expect(await readAll()).toEqual([null, ...TOKENS.slice(1, 3)]);
    const { items } = await container.vkTokenService.listTokens({ limit: 10 });
    expect(items.map(({ standing }) => standing.status)).toEqual(['unreadable', 'ready', 'ready']);
  });

  test('whose secret is known nowhere stops no process, and none shows it', async () => {
    await fill(open({ STENOGRAF_SECRET: OLD }), TOKENS.slice(0, 1));
    const stranger = open({ STENOGRAF_SECRET: NEW });
    await stranger.tokenKeeper.start();
    expect(stranger.vkApi.tokens()).toEqual([]);
    await fill(stranger, TOKENS.slice(1, 2));
    expect(await readAll(stranger)).toEqual([null, TOKENS[1] ?? '']);
    expect(await stranger.vkTokenService.rotate()).toEqual({ rotated: 0, unreadable: 1 });
  });
});

describe('a rotation of a secret of the settings', () => {
  test('puts every token under it, and the previous one is then needed no more', async () => {
    await fill(open({ STENOGRAF_SECRET: OLD }));
    const both = open({ STENOGRAF_SECRET: NEW, STENOGRAF_SECRET_PREVIOUS: OLD });
    expect(await both.vkTokenService.rotate()).toEqual({ rotated: 5, unreadable: 0 });
    expect(await both.vkTokenService.rotate()).toEqual({ rotated: 0, unreadable: 0 });
    expect(await readAll(open({ STENOGRAF_SECRET: NEW }))).toEqual(TOKENS);
    expect(await readAll(open({ STENOGRAF_SECRET: OLD }))).toEqual(TOKENS.map(() => null));
  });

  test('takes over from the secret of the home', async () => {
    await fill(open());
    expect(await open({ STENOGRAF_SECRET: NEW }).vkTokenService.rotate()).toMatchObject({
      rotated: 5,
    });
    await rm(join(home, 'secret'));
    expect(await readAll(open({ STENOGRAF_SECRET: NEW }))).toEqual(TOKENS);
  });
});

describe('a rotation of the secret of the home', () => {
  test('is read by processes that were running, which add under the new one', async () => {
    const other = open();
    await fill(other, TOKENS.slice(0, 4));
    const [before] = await secretLines();
    await open().vkTokenService.rotate();
    expect(await secretLines()).not.toContain(before);
    expect(await readAll(other)).toEqual(TOKENS.slice(0, 4));
    await fill(other, TOKENS.slice(4));
    expect(await readAll()).toEqual(TOKENS);
  });

  test('may meet others, and tokens that are being added', async () => {
    await fill(open(), TOKENS.slice(0, 2));
    const [first, second, third] = [open(), open(), open()];
    await Promise.all([
      first.vkTokenService.rotate(),
      fill(second, TOKENS.slice(2)),
      third.vkTokenService.rotate(),
      first.vkTokenService.rotate(),
    ]);
    expect(await readAll()).toEqual(TOKENS);
    await first.vkTokenService.rotate();
    expect(await secretLines()).toHaveLength(1);
    expect(await readAll()).toEqual(TOKENS);
  });

  test('may die before any of its steps: nothing is lost, and the next one ends it', async () => {
    await fill(open());
    let deaths = 0;
    for (let step = 0; ; step += 1) {
      const parts = partsThatDieAt(step, open());
      const outcome = await rotateSecret(parts).then(
        () => 'done',
        (error: unknown) => error,
      );
      expect(await readAll()).toEqual(TOKENS);
      if (outcome === 'done') break;
      expect(outcome).toBeInstanceOf(Death);
      deaths += 1;
    }
    // Each row, and every read, write and commit around them.
    expect(deaths).toBeGreaterThan(2 * TOKENS.length);
    expect(await secretLines()).toHaveLength(1);
  });

  test('may be killed at any moment', async () => {
    await fill(open());
    for (let round = 0; round < 3; round += 1) {
      const child = Bun.spawn([process.execPath, join(import.meta.dir, 'rotationProcess.ts')], {
        env: { PATH: process.env['PATH'] ?? '', ...environment() },
        stdout: 'pipe',
      });
      const reader = child.stdout.getReader();
      await reader.read();
      await Bun.sleep(Math.random() * 20);
      child.kill('SIGKILL');
      await child.exited;
      expect(await readAll()).toEqual(TOKENS);
    }
    expect(await open().vkTokenService.rotate()).toEqual({ rotated: 5, unreadable: 0 });
    expect(await secretLines()).toHaveLength(1);
    expect(await readAll()).toEqual(TOKENS);
  }, 20_000);
});

class Death extends Error {}

/** The parts of a rotation, of which one call in turn does not return to the living. */
const partsThatDieAt = (
  step: number,
  { sealedTokenRepository, withTransaction, keyring, tokenVault, erasureKey }: Container,
) => {
  let left = step;
  const live = (): void => {
    if (left === 0) throw new Death();
    left -= 1;
  };
  const mortal = <Parts extends object>(parts: Parts): Parts =>
    new Proxy(parts, {
      get(target, name) {
        const part: unknown = Reflect.get(target, name);
        if (typeof part !== 'function') return part;
        return (...args: unknown[]): unknown => {
          live();
          return Reflect.apply(part, target, args);
        };
      },
    });
  const dyingTransaction: Container['withTransaction'] = async (transaction, work) => {
    live();
    const result = await withTransaction(transaction, async (opened) => {
      const done = await work(opened);
      // Before the commit; the next step is after it.
      live();
      return done;
    });
    live();
    return result;
  };
  return {
    sealedTokenRepository: mortal(sealedTokenRepository),
    keyring: mortal(keyring),
    tokenVault: mortal(tokenVault),
    erasureKey: mortal(erasureKey),
    withTransaction: dyingTransaction,
  };
};

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { ListDto } from '@stenograf/contracts/api';
import type { ErasureDto } from '@stenograf/contracts/access';
import type { ExportRecord } from '@stenograf/contracts/exportRecords';
import type { PostDto } from '@stenograf/contracts/reading';
import { createSandbox, type Sandbox } from '@stenograf/sandbox';
import { ErasureKeyError } from '../../../src/services/erasing/erasureKey';
import { runWorker } from '../../../src/worker';
import { eventually } from '../../support/eventually';
import { exportRecords } from '../../support/exportRecords';
import { rowVersions } from '../../support/rowVersions';
import { aComment, aPost } from '../repositories/rows';
import { startApi, type TestApi } from '../http/startApi';
import { NAME, NEIGHBOURS, PERSON, plantPerson, WORDS } from './plantPerson';

const SECRET = 'a secret of tests that is long enough, and no secret';

let sandbox: Sandbox;
let api: TestApi;
let before: ExportRecord[];
let firstTask: number;
let preview: ErasureDto;

const settings = () => ({
  VK_API_URL: sandbox.url,
  VK_TOKENS: 'sandbox-user-token',
  VK_USER_RPS: '100',
  STENOGRAF_RAW: 'all',
});

const collect = async () => {
  const { id } = await api.taskService.createTask({
    communities: ['club1'],
    name: `wall of id${PERSON}`,
  });
  return eventually(
    async () => {
      const task = await api.taskService.getTask(id);
      return task.status === 'completed' ? task : null;
    },
    { withinMs: 30_000, what: 'the end of the task' },
  );
};

beforeAll(async () => {
  sandbox = await createSandbox({
    world: 'tiny',
    tokens: [{ token: 'sandbox-user-token', kind: 'user', rps: 1_000 }],
  });
  plantPerson(sandbox);
  api = await startApi({ env: { ...settings(), STENOGRAF_SECRET: SECRET } });
  await runWorker(api);
  firstTask = (await collect()).id;
  before = await exportRecords(api);
});
afterAll(async () => {
  await api.stop();
  await sandbox.stop();
});

const ask = async (
  path: string,
  init: Parameters<TestApi['send']>[1] = {},
): Promise<ErasureDto> => {
  const response = await api.send(path, init);
  expect(response.status).toBe(200);
  return (await response.json()) as ErasureDto;
};
const erase = (id = PERSON): Promise<ErasureDto> => ask(`/authors/${id}`, { method: 'DELETE' });

/** Every row of every table, generated columns included, and every export as text. */
const everything = async (): Promise<string[]> => {
  const tables = await api.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class
     WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`,
  );
  const rows = await Promise.all(
    tables.map(({ name }) =>
      api.query<{ text: string }>(
        `SELECT '${name} ' || to_jsonb(t)::text AS text FROM "${name}" t`,
      ),
    ),
  );
  const files = await Promise.all(
    ['posts.csv', 'comments.csv', 'all.ndjson'].map(async (file) =>
      (await api.send(`/exports/${file}`)).text(),
    ),
  );
  return [...rows.flat().map(({ text }) => text), ...files.flatMap((file) => file.split('\n'))];
};

/** The stem as well: that is how the words stand in the search vectors. */
const TRACES = [`(?<!\\d)${PERSON}(?!\\d)`, NAME, NAME.slice(0, -1), WORDS, 'сокровен'];
const findTraces = async (): Promise<string[]> => {
  const trace = new RegExp(TRACES.join('|'), 'i');
  return (await everything()).filter((line) => trace.test(line));
};

const placeOf = (record: ExportRecord): object | null => {
  if (record.kind === 'post') return { post: [record.owner_id, record.id] };
  if (record.kind !== 'comment') return null;
  const { owner_id, id, post_id, thread_root_id, reply_to_comment_id, date } = record;
  return { owner_id, id, post_id, thread_root_id, reply_to_comment_id, date };
};
const placesOf = (records: ExportRecord[]): object[] =>
  records.flatMap((record) => placeOf(record) ?? []);

test('a person is all over the tables before', async () => {
  expect((await findTraces()).length).toBeGreaterThan(10);
  expect(before.filter((record) => record.kind === 'author').map(({ id }) => id)).toEqual(
    expect.arrayContaining([PERSON, ...NEIGHBOURS]),
  );
});

test('the preview changes nothing, and the counts are those of the rows', async () => {
  const versions = await rowVersions(api.sequelize);
  preview = await ask(`/authors/${PERSON}/erasure`);
  expect(await rowVersions(api.sequelize)).toEqual(versions);
  expect(preview).toMatchObject({
    id: PERSON,
    erased_at: null,
    names: 1,
    posts: 1,
    comments: 2,
    task_links: 1,
    events: 1,
  });
  // Signature, repost, photo with link, and every reply in the thread.
  expect(preview.mentions).toBeGreaterThanOrEqual(5);
});

test('only an admin sees the preview or erases', async () => {
  for (const scope of ['read', 'write'] as const) {
    const headers = { authorization: `Bearer ${api.keys[scope]}` };
    expect((await api.send(`/authors/${PERSON}/erasure`, { headers })).status).toBe(403);
    expect((await api.send(`/authors/${PERSON}`, { method: 'DELETE', headers })).status).toBe(403);
  }
  expect((await api.send('/authors/-5', { method: 'DELETE' })).status).toBe(400);
});

test('the erasure does what the preview counted, and a second one has nothing to do', async () => {
  const done = await erase();
  expect(done).toEqual({ ...preview, erased_at: expect.any(String) as string });
  const none = { names: 0, posts: 0, comments: 0, mentions: 0, task_links: 0, events: 0 };
  const { erased_at } = done;
  expect(await ask(`/authors/${PERSON}/erasure`)).toEqual({ id: PERSON, erased_at, ...none });
  expect(await erase()).toEqual({ id: PERSON, erased_at, ...none });
});

test('nothing of the person is left in any row of any table, or in any export', async () => {
  expect(await findTraces()).toEqual([]);
  expect((await api.send(`/authors/${PERSON}`)).status).toBe(404);
});

test('every post and comment keeps its place, and all others keep their words', async () => {
  const after = await exportRecords(api);
  expect(placesOf(after)).toEqual(placesOf(before));
  const untouched = (records: ExportRecord[]): ExportRecord[] => {
    const texts = new Set(before.map((record) => JSON.stringify(record)));
    return records.filter((record) => texts.has(JSON.stringify(record)));
  };
  // Of one root only `raw`, which no export shows, held a reply of the person.
  const changed = preview.posts + preview.comments + preview.mentions - 1;
  expect(untouched(after)).toHaveLength(before.length - changed - preview.names);
  const nodes = await api.query(
    'SELECT from_id, text, is_deleted, raw FROM comments WHERE erased_at IS NOT NULL',
  );
  const empty = { from_id: null, text: '', is_deleted: true, raw: null };
  expect(nodes).toEqual([empty, empty]);
});

test('every way to read an empty node says when it was erased', async () => {
  const nodes = (await exportRecords(api)).flatMap((record) =>
    'erased_at' in record && record.erased_at !== null ? [record] : [],
  );
  expect(nodes.map(({ kind }) => kind).sort()).toEqual(['comment', 'comment', 'post']);
  for (const { kind, owner_id, id, erased_at } of nodes) {
    const file = await (await api.send(`/exports/${kind}s.csv?profile=rfc4180`)).text();
    const [header, ...lines] = file.split('\r\n');
    expect(header).toEndWith(',url,erased_at');
    expect(lines.filter((line) => line.endsWith(`,${erased_at}`))).not.toEqual([]);
    const list = (await (await api.send(`/${kind}s?limit=500`)).json()) as ListDto<PostDto>;
    expect(list.items).toContainEqual(expect.objectContaining({ owner_id, id, erased_at }));
    if (kind === 'comment') continue;
    const one = (await (await api.send(`/posts/${owner_id}/${id}`)).json()) as PostDto;
    expect(one.erased_at).toBe(erased_at);
  }
});

test('people with similar numbers keep names, words and mentions', async () => {
  for (const [index, id] of NEIGHBOURS.entries()) {
    const { comments, first_name } = (await (await api.send(`/authors/${id}`)).json()) as {
      comments: number;
      first_name: string;
    };
    expect([comments, first_name]).toEqual([1, `Соседка${index + 1}`]);
    const said = await api.query<{ text: string }>('SELECT text FROM comments WHERE from_id = $1', [
      id,
    ]);
    expect(said).toEqual([{ text: `[id${id}|Соседка${index + 1}] сама` }]);
  }
});

test('the counters of the task are the counts of its rows', async () => {
  const { metrics } = await api.taskService.getTask(firstTask);
  const [counts] = await api.query<object>(
    `SELECT (SELECT count(*) FROM posts) AS posts, (SELECT count(*) FROM comments) AS comments,
       (SELECT count(*) FROM task_authors WHERE task_id = $1) AS authors`,
    [firstTask],
  );
  expect(metrics).toMatchObject(counts ?? {});
});

describe('collecting the same wall again', () => {
  test('writes not a single row, and brings nothing back', async () => {
    const versions = await rowVersions(api.sequelize);
    const { id, metrics } = await collect();
    expect(metrics).toMatchObject({ new: 0, changed: 0, deleted: 0 });
    expect(await rowVersions(api.sequelize)).toEqual(versions);
    await api.query('DELETE FROM tasks WHERE id = $1 RETURNING 1', [id]);
    expect(await findTraces()).toEqual([]);
  });

  test('from nothing stores the same empty nodes', async () => {
    const left = await exportRecords(api);
    for (const table of ['posts', 'comments', 'authors', 'tasks']) {
      await api.query(`DELETE FROM ${table} WHERE true`);
    }
    const { id, metrics } = await collect();
    await api.query('UPDATE tasks SET name = NULL WHERE id = $1 RETURNING 1', [id]);
    expect(await findTraces()).toEqual([]);
    const withoutTimes = (records: ExportRecord[]) =>
      records.map((record) =>
        'deleted_at' in record
          ? { ...record, deleted_at: null, erased_at: record.erased_at !== null }
          : record,
      );
    const volatile = new Set(['attachments', 'copy_history']);
    const comparable = (records: ExportRecord[]) =>
      withoutTimes(records).map((record) =>
        Object.fromEntries(Object.entries(record).filter(([key]) => !volatile.has(key))),
      );
    expect(comparable(await exportRecords(api))).toEqual(comparable(left));
    const [marked] = await api.query<object>(
      `SELECT (SELECT count(*) FROM posts WHERE erased_at IS NOT NULL) AS posts,
         (SELECT count(*) FROM comments WHERE erased_at IS NOT NULL) AS comments`,
    );
    expect(marked).toEqual({ posts: 1, comments: 2 });
    const [authors] = await api.query<{ count: number }>(
      'SELECT count(*) AS count FROM task_authors WHERE task_id = $1',
      [id],
    );
    expect(metrics.authors).toBe(authors?.count ?? -1);
  });
});

test('a page that is being stored while its author is erased is erased with the rest', async () => {
  const author = 900_100_200;
  const storing = Promise.withResolvers<void>();
  const stored = api.withTransaction(undefined, async (transaction) => {
    await api.erasureGuard.hold(transaction);
    storing.resolve();
    await eventually(
      async () => {
        const waiting = await api.query(
          "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = 7836505 AND NOT granted",
        );
        return waiting.length > 0 ? true : null;
      },
      { withinMs: 5_000, what: 'the erasure to wait' },
    );
    await api.postRepository.upsertMany([aPost({ id: 9_001, fromId: author })], transaction);
    await api.commentRepository.upsertMany([aComment({ id: 9_002, fromId: author })], transaction);
  });
  await storing.promise;
  const [erased] = await Promise.all([erase(author), stored]);
  expect(erased).toMatchObject({ posts: 1, comments: 1 });
  expect(await api.query('SELECT 1 FROM posts WHERE from_id = $1', [author])).toEqual([]);
});

test('without a secret nobody is erased, and the answer says what to do', async () => {
  const bare = await startApi();
  const response = await bare.send('/authors/5', { method: 'DELETE' });
  expect(response.status).toBe(409);
  expect(await response.text()).toContain('STENOGRAF_SECRET');
  expect(await bare.query('SELECT 1 FROM erased_people')).toEqual([]);
  await bare.stop();
});

test('the list outlives a change of the secret, and stops whoever has not got it', async () => {
  await api.vkTokenService.rotate();
  const NEW = 'another secret of tests, which is long enough too';
  const beside = { beside: api };
  const both = await startApi({
    ...beside,
    env: { ...settings(), STENOGRAF_SECRET: NEW, STENOGRAF_SECRET_PREVIOUS: SECRET },
  });
  await both.vkTokenService.rotate();
  const renewed = await startApi({ ...beside, env: { ...settings(), STENOGRAF_SECRET: NEW } });
  const isErased = await renewed.withTransaction(undefined, async (transaction) =>
    (await renewed.erasureGuard.hold(transaction))?.has(PERSON),
  );
  expect(isErased).toBe(true);
  // No worker of its installation, so that it alone takes up what it is asked for.
  const alone = {
    databaseUrl: api.databaseUrl,
    config: { redisPrefix: `test-${crypto.randomUUID()}` },
  };
  const stranger = await startApi({ beside: alone, env: settings() });
  expect(
    stranger.withTransaction(undefined, (transaction) => stranger.erasureGuard.hold(transaction)),
  ).rejects.toThrow(ErasureKeyError);
  const { id } = await stranger.taskService.createTask({ communities: ['club2'] });
  const { items } = await stranger.taskService.listTargets(id, { limit: 1 });
  const signal = new AbortController().signal;
  await stranger.vkService.collectTarget(items[0]?.id ?? 0, signal);
  const [target] = (await stranger.taskService.listTargets(id, { limit: 1 })).items;
  expect(target).toMatchObject({ status: 'failed', reasonKind: 'erasures_unreadable' });
  await Promise.all([both.stop(), renewed.stop(), stranger.stop()]);
});

import { parseArgs } from 'node:util';
import { connectClient } from '@stenograf/backend/config/database';
import { readConfig } from '@stenograf/backend/config/env';
import { startServer } from '@stenograf/backend/server';
import { INVENTED_WORDS, inventRecords } from '@stenograf/backend/tests/support/inventRecords';
import { createClient, type OperationInput } from '@stenograf/contracts/client';
import { median, report, type Row } from './support/report';
import { countSeqScans } from './support/seqScans';
import { startBenchServices } from './support/services';
import { withoutIndexes } from './support/withoutIndexes';

/**
 * Pages of comments and searches over HTTP, one after another, ÷ 50 rows by their primary keys read
 * in the same run. A million comments, or as many as `--rows` says; the goals are those for ten
 * million.
 */
const { values: flags } = parseArgs({ options: { rows: { type: 'string', default: '1000000' } } });
const COMMENTS = Number(flags.rows);
const SIZES = { walls: 100, posts: COMMENTS / 10, comments: COMMENTS, authors: COMMENTS / 20 };
const LIMIT = 50;
const REQUESTS = 300;
/** Until code and caches are warm. */
const REQUESTS_IGNORED = 50;

type Query = NonNullable<OperationInput<'GET /comments'>['query']>;

/** Numbers from 0 to below the limit, the same in every run. */
const createRandom = (): ((below: number) => number) => {
  let state = 7;
  return (below) => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return Math.floor((state / 2 ** 32) * below);
  };
};
const random = createRandom();

const pick = <T>(items: readonly T[]): T => {
  const item = items[random(items.length)];
  if (item === undefined) throw new Error('There is nothing to choose from.');
  return item;
};

const services = await startBenchServices();
const client = await connectClient(services.databaseUrl);
const server = await startServer(
  readConfig({
    DATABASE_URL: services.databaseUrl,
    REDIS_URL: services.redisUrl,
    PORT: '0',
    LOG_LEVEL: 'error',
  }),
  { withWorker: false },
);
const api = createClient({
  url: server.url,
  headers: { authorization: `Bearer ${server.internalKey}` },
});

/** Milliseconds of each run, the first ones left out. */
const time = async (run: () => Promise<unknown>): Promise<number[]> => {
  const taken: number[] = [];
  for (let index = 0; index < REQUESTS; index += 1) {
    const start = performance.now();
    await run();
    if (index >= REQUESTS_IGNORED) taken.push(performance.now() - start);
  }
  return taken;
};

const p95 = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length * 0.95)] ?? Number.NaN;
};

/** Keys of invented comments follow from their number. */
const randomKey = (): [ownerId: number, id: number] => {
  const number = 1 + random(COMMENTS);
  const post = 1 + (number % SIZES.posts);
  return [-1 - (post % SIZES.walls), 1_000_000 + number];
};

const lookUp = async (): Promise<unknown> => {
  const keys = Array.from({ length: LIMIT }, randomKey);
  const { rows } = await client.query(
    `SELECT c.* FROM unnest($1::bigint[], $2::bigint[]) AS key (owner_id, id)
     JOIN comments c USING (owner_id, id)`,
    [keys.map(([ownerId]) => ownerId), keys.map(([, id]) => id)],
  );
  if (rows.length !== LIMIT) throw new Error('Not every key was found.');
  return rows;
};

const readTexts = async (): Promise<string[][]> => {
  const keys = Array.from({ length: 1_000 }, randomKey);
  const { rows } = await client.query<{ text: string }>(
    `SELECT c.text FROM unnest($1::bigint[], $2::bigint[]) AS key (owner_id, id)
     JOIN comments c USING (owner_id, id)`,
    [keys.map(([ownerId]) => ownerId), keys.map(([, id]) => id)],
  );
  return rows.map(({ text }) => text.split(' '));
};

const read = async (query: Query, mayBeEmpty = false): Promise<void> => {
  const { items } = await api.call('GET /comments', { query: { limit: LIMIT, ...query } });
  if (items.length === 0 && !mayBeEmpty) throw new Error(`Nothing: ${JSON.stringify(query)}`);
};

const randomDay = (): string =>
  new Date(Date.UTC(2024, 0, 2 + random(720))).toISOString().slice(0, 10);

const PAGES: readonly (() => Query)[] = [
  () => ({}),
  () => ({ until: randomDay() }),
  () => ({ community: [1 + random(SIZES.walls)], until: randomDay() }),
  () => ({ author: [1 + random(100)] }),
  () => ({ sort: '-likes' }),
  () => ({ community: [1 + random(SIZES.walls)], is: ['reply'], since: randomDay() }),
];

const searchesFor = (texts: readonly string[][]): readonly (() => Query)[] => {
  const word = (): string => pick(pick(texts));
  const pair = (): [string, string] => {
    const words = pick(texts);
    return [pick(words), pick(words)];
  };
  return [
    () => ({ q: word() }),
    () => ({ q: pair().join(' ') }),
    () => ({ q: `"${pair().join(' ')}"` }),
    () => ({ q: pair().join(' OR ') }),
    () => ({ q: `${word()} -${word()}`, community: [1 + random(SIZES.walls)] }),
    () => ({ q: `${word().slice(0, 5)}*`, since: randomDay() }),
    () => ({ q: INVENTED_WORDS.frequent }),
    () => ({ q: INVENTED_WORDS.rare }),
    () => ({ q: `${INVENTED_WORDS.frequent} ${INVENTED_WORDS.rare}` }),
    () => ({ q: INVENTED_WORDS.old }),
    () => ({ q: `${INVENTED_WORDS.old} has:photo` }),
  ];
};

const compare = (what: string, taken: number[], yardstick: number[], atMostMs: number): Row[] => [
  { what: `${what}: milliseconds, median`, value: median(taken) },
  { what: `${what}: milliseconds, p95`, value: p95(taken), atMost: atMostMs },
  { what: `${what}: p95 ÷ p95 of ${LIMIT} rows by their keys`, value: p95(taken) / p95(yardstick) },
];

try {
  await withoutIndexes(client, ['posts', 'comments'], () => inventRecords(client, SIZES));
  await client.query('VACUUM (ANALYZE) posts, comments');
  const searches = searchesFor(await readTexts());
  const yardstick = await time(lookUp);
  const scansBefore = await countSeqScans(client);
  const pages = await time(() => read(pick(PAGES)(), true));
  const searched = await time(() => read(pick(searches)(), true));
  const counts = await time(() => api.call('GET /stats/timeline', { query: { community: [7] } }));
  // What its connections did stands there for sure when they have ended.
  await server.stop();
  const scans = (await countSeqScans(client)) - scansBefore;
  await report(`Reading, ${COMMENTS.toLocaleString('en')} comments`, [
    { what: `${LIMIT} rows by their keys: milliseconds, p95`, value: p95(yardstick) },
    ...compare('a page of comments', pages, yardstick, 30),
    ...compare('a search', searched, yardstick, 200),
    { what: 'a timeline of one community: milliseconds, p95', value: p95(counts) },
    { what: 'sequential scans over posts or comments', value: scans, atMost: 0 },
  ]);
} finally {
  await client.end();
  await server.stop();
  await services.stop();
}

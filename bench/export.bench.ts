import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { connectClient } from '@stenograf/backend/config/database';
import { buildCsvQuery } from '@stenograf/backend/repositories/exportCsv';
import { EVERY_RECORD } from '@stenograf/backend/repositories/recordFilters';
import { EXPORT_FORMATS } from '@stenograf/contracts/exportRecords';
import { to } from 'pg-copy-streams';
import { inventComments } from './support/comments';
import { copyComments } from './support/copyComments';
import { startServerProcess } from './support/serverProcess';
import { median, report, type Row } from './support/report';
import { startBenchServices } from './support/services';

/**
 * Exports as they are read over HTTP from a process of their own, bytes thrown away, ÷ what
 * PostgreSQL itself does; and what a million comments in each format add to that process's memory.
 */
const COMMENTS = 1_000_000;
const PORTION = 50_000;
const ROUNDS = 5;
const ROUNDS_IGNORED = 1;
/** Most that a request names. */
const COMMUNITIES_MAX = 100;

const services = await startBenchServices();
const client = await connectClient(services.databaseUrl);
const server = await startServerProcess({
  DATABASE_URL: services.databaseUrl,
  REDIS_URL: services.redisUrl,
  PORT: '0',
  LOG_LEVEL: 'error',
});

const comments = inventComments(PORTION);
/** Some ten thousands of comments: after them a process has the memory that its work needs. */
const WARM_UP = [...new Set(comments.map(({ ownerId }) => -ownerId))]
  .slice(0, COMMUNITIES_MAX)
  .map((id) => `community=${id}`)
  .join('&');

const store = async (): Promise<void> => {
  for (let at = 0; at < COMMENTS / PORTION; at += 1) {
    const moved = comments.map((comment) => ({
      ...comment,
      ownerId: comment.ownerId - 10_000_000 * at,
    }));
    await copyComments(client, moved);
  }
  await client.query('VACUUM (ANALYZE) comments');
};

/** Seconds. */
const time = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1_000;
};

const copyAway = async (select: string): Promise<void> => {
  const rows = client.query(to(`COPY (${select}) TO STDOUT WITH (FORMAT csv, HEADER)`));
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  await pipeline(rows, nowhere);
};

const { text: SAME_QUERY } = buildCsvQuery(
  'comments',
  { filter: EVERY_RECORD, order: null },
  'excel',
);
const AS_STORED = `SELECT owner_id, post_id, id, from_id, date, text, likes, thread_root_id,
  reply_to_comment_id, reply_to_user_id, is_deleted, attachments, deleted_at
  FROM comments ORDER BY owner_id, id`;

const compareWithCopy = async (): Promise<Row[]> => {
  const same: number[] = [];
  const stored: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const copied = await time(() => copyAway(SAME_QUERY));
    const exported = await time(() => server.read('exports/comments.csv'));
    const copiedAsStored = await time(() => copyAway(AS_STORED));
    if (round < ROUNDS_IGNORED) continue;
    same.push(copied / exported);
    stored.push(copiedAsStored / exported);
  }
  return [
    {
      what: 'CSV of comments, Excel profile ÷ COPY … TO STDOUT of the same query',
      value: median(same),
      atLeast: 0.5,
    },
    {
      what: 'the same ÷ COPY … TO STDOUT of the stored columns as they are',
      value: median(stored),
    },
  ];
};

const watch = async (format: string): Promise<Row[]> => {
  await server.read(`exports/comments.${format}?${WARM_UP}`);
  const before = await server.readRss();
  let seconds = 0;
  const samples = await server.sampleDuring(
    time(() => server.read(`exports/comments.${format}`)).then((taken) => (seconds = taken)),
  );
  const after = await server.readRss();
  return [
    { what: `${format}: comments per second`, value: COMMENTS / seconds },
    {
      what: `${format}: megabytes that a million comments leave behind, garbage collected`,
      value: after - before,
      atMost: 50,
    },
    {
      what: `${format}: most megabytes above the start, garbage included`,
      value: Math.max(...samples) - before,
    },
  ];
};

try {
  await store();
  const rows = await compareWithCopy();
  for (const format of EXPORT_FORMATS.comments) rows.push(...(await watch(format)));
  await report('Export', rows);
} finally {
  await server.stop();
  await client.end();
  await services.stop();
}

import { connectClient } from '@stenograf/backend/config/database';
import { readConfig } from '@stenograf/backend/config/env';
import { createContainer } from '@stenograf/backend/container';
import { inventComments } from './support/comments';
import { commitPages, preparePages } from './support/commitPages';
import { copyComments } from './support/copyComments';
import { median, report } from './support/report';
import { startBenchServices } from './support/services';

/**
 * Our way into the tables ÷ COPY of the same rows into the same, emptied table. Both sides start
 * from the same objects and end with a commit that is safe on disk; COPY with one, we with one for
 * each packed request. Rounds alternate, so that what else the machine does meets both.
 */
const COMMENTS = 50_000;
const BATCH = 2_500;
const ROUNDS = 9;
/** Until code and caches are warm. */
const ROUNDS_IGNORED = 2;

const services = await startBenchServices();
const container = createContainer(
  readConfig({
    DATABASE_URL: services.databaseUrl,
    REDIS_URL: services.redisUrl,
    LOG_LEVEL: 'error',
  }),
);
const client = await connectClient(services.databaseUrl);
const comments = inventComments(COMMENTS);

const upsertAll = async (): Promise<void> => {
  for (let at = 0; at < comments.length; at += BATCH) {
    await container.withTransaction(undefined, (transaction) =>
      container.commentRepository.upsertMany(comments.slice(at, at + BATCH), transaction),
    );
  }
};

/** Milliseconds; the table is empty before. */
const time = async (work: () => Promise<void>): Promise<number> => {
  await client.query('TRUNCATE comments, authors, tasks CASCADE');
  const start = performance.now();
  await work();
  return performance.now() - start;
};

const timeCommits = async (): Promise<number> => {
  await client.query('TRUNCATE comments, authors, tasks CASCADE');
  const prepared = await preparePages(container, comments);
  const start = performance.now();
  await commitPages(prepared);
  return performance.now() - start;
};

const assertAllStored = async (): Promise<void> => {
  const { rows } = await client.query<{ stored: number }>(
    'SELECT count(*) AS stored FROM comments',
  );
  if (rows[0]?.stored !== COMMENTS) throw new Error('Not every comment was stored.');
};

try {
  const upserts: number[] = [];
  const commits: number[] = [];
  const again: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const copyMs = await time(() => copyComments(client, comments));
    await assertAllStored();
    const upsertMs = await time(upsertAll);
    await assertAllStored();
    const start = performance.now();
    await upsertAll();
    const againMs = performance.now() - start;
    const commitMs = await timeCommits();
    await assertAllStored();
    if (round < ROUNDS_IGNORED) continue;
    upserts.push(copyMs / upsertMs);
    again.push(copyMs / againMs);
    commits.push(copyMs / commitMs);
  }
  await report('Write path', [
    { what: 'comments upserted ÷ COPY', value: median(upserts), atLeast: 0.55 },
    { what: 'the same rows once more, unchanged ÷ COPY', value: median(again) },
    {
      what: 'whole commits (comments, authors, lists, counters, links) ÷ COPY of the comments alone',
      value: median(commits),
    },
  ]);
} finally {
  await client.end();
  await container.lifecycle.stop();
  await services.stop();
}

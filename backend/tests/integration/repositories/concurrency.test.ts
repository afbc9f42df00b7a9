import { afterAll, beforeAll, expect, test } from 'bun:test';
import { openRepositories, type Repositories } from './openRepositories';
import { aComment, aCommunity, anAuthor, aPost, readAfter, storeTask } from './rows';

let repositories: Repositories;

beforeAll(async () => {
  repositories = await openRepositories();
});
afterAll(() => repositories.close());

const CLIENTS = 8;
const ROUNDS = 12;
const KEYS = 60;

/** Most of the keys, in an order of this client's and round's own. */
const keysOf = (client: number, round: number): number[] =>
  Array.from({ length: KEYS }, (_, index) => index + 1)
    .filter((key) => (key + client + round) % 5 !== 0)
    .sort((a, b) => ((a * (31 + client)) % 61) - ((b * (31 + client)) % 61));

const writeBatch = (taskId: number, client: number, round: number): Promise<void> =>
  repositories.withTransaction(undefined, async (transaction) => {
    const read = { fetchedAt: readAfter(round * CLIENTS + client) };
    const keys = keysOf(client, round);
    const text = `круг ${round}, клиент ${client}`;
    await repositories.communityRepository.upsertMany(
      keys.map((id) => aCommunity({ id, name: text, ...read })),
      transaction,
    );
    await repositories.authorRepository.upsertMany(
      keys.map((id) => anAuthor({ id, firstName: text, ...read })),
      transaction,
    );
    const seen = await repositories.postRepository.upsertMany(
      keys.map((id) => aPost({ id, text, ...read })),
      transaction,
    );
    await repositories.commentRepository.upsertMany(
      keys.map((id) => aComment({ id, text, ...read })),
      transaction,
    );
    await repositories.taskLinksRepository.linkPosts(taskId, seen, transaction);
    await repositories.taskLinksRepository.linkAuthors(taskId, keys, transaction);
  });

test('eight clients that write overlapping batches in any order never deadlock', async () => {
  const { taskId } = await storeTask(repositories);
  const work = async (client: number): Promise<void> => {
    for (let round = 0; round < ROUNDS; round++) await writeBatch(taskId, client, round);
  };
  // A deadlock ends one of its transactions with an error, which would be thrown here.
  await Promise.all(Array.from({ length: CLIENTS }, (_, client) => work(client)));
  const newest = `круг ${ROUNDS - 1}`;
  const rows = await repositories.query<{ rows: number; newest: number }>(
    `SELECT count(*)::int AS rows, count(*) FILTER (WHERE text LIKE $1)::int AS newest
     FROM (SELECT text FROM posts UNION ALL SELECT text FROM comments) AS both_tables`,
    [`${newest},%`],
  );
  expect(rows).toEqual([{ rows: 2 * KEYS, newest: 2 * KEYS }]);
  const links = await repositories.query(
    `SELECT (SELECT count(*)::int FROM task_posts) AS posts,
       (SELECT count(*)::int FROM task_authors) AS authors`,
  );
  expect(links).toEqual([{ posts: KEYS, authors: KEYS }]);
});

import { afterAll, beforeAll, expect, test } from 'bun:test';
import fc from 'fast-check';
import type { CommentInput } from '../../../src/repositories/commentRepository';
import type { PostInput } from '../../../src/repositories/postRepository';
import { openRepositories, type Repositories } from './openRepositories';
import { aComment, aPost, aStub, readAfter } from './rows';

let repositories: Repositories;

beforeAll(async () => {
  repositories = await openRepositories();
});
afterAll(() => repositories.close());

interface Page {
  posts: PostInput[];
  comments: CommentInput[];
}

/** One state of the world: nine posts and as many comments, stubs among them. */
const ITEMS = Array.from({ length: 9 }, (_, index) => index + 1);
const PAGE = 4;
const STEP = 2;

const postOf = (id: number, fetchedAt: Date): PostInput =>
  aPost({ id, fetchedAt, text: `Запись ${id}`, views: id % 3 === 0 ? null : id });

const commentOf = (id: number, fetchedAt: Date): CommentInput =>
  id % 4 === 0 ? aStub({ id, fetchedAt }) : aComment({ id, fetchedAt, text: `Слово ${id}` });

/** The pages of that state, each sharing items with the next, each read at a time of its own. */
const PAGES: Page[] = Array.from({ length: Math.ceil(ITEMS.length / STEP) }, (_, index) => {
  const ids = ITEMS.slice(index * STEP, index * STEP + PAGE);
  const fetchedAt = readAfter(index);
  return {
    posts: ids.map((id) => postOf(id, fetchedAt)),
    comments: ids.map((id) => commentOf(id, fetchedAt)),
  };
});

const store = (pages: Page[]): Promise<void> =>
  repositories.withTransaction(undefined, async (transaction) => {
    const posts = pages.flatMap((page) => page.posts);
    const comments = pages.flatMap((page) => page.comments);
    await repositories.postRepository.upsertMany(posts, transaction);
    await repositories.commentRepository.upsertMany(comments, transaction);
  });

/** All but the times at which we read it. */
const readTables = async () => ({
  posts: await repositories.query(
    `SELECT to_jsonb(posts) - 'fetched_at' - 'first_seen_at' AS row FROM posts ORDER BY owner_id, id`,
  ),
  comments: await repositories.query(
    `SELECT to_jsonb(comments) - 'fetched_at' - 'first_seen_at' - 'deleted_at' AS row,
       deleted_at IS NULL AS is_alive FROM comments ORDER BY owner_id, id`,
  ),
});

const empty = (): Promise<object[]> => repositories.query('TRUNCATE posts, comments');

test('pages of one state, replayed in any order and batches, give the same tables', async () => {
  await empty();
  for (const page of PAGES) await store([page]);
  const expected = await readTables();
  expect(expected.posts).toHaveLength(ITEMS.length);
  const indexes = PAGES.map((_, index) => index);
  const replay = fc.record({
    // Every page at least once, some again, in any order.
    order: fc
      .array(fc.constantFrom(...indexes), { maxLength: 8 })
      .chain((again) =>
        fc.shuffledSubarray([...indexes, ...again], { minLength: indexes.length + again.length }),
      ),
    batch: fc.integer({ min: 1, max: 5 }),
  });
  await fc.assert(
    fc.asyncProperty(replay, async ({ order, batch }) => {
      await empty();
      const pages = order.flatMap((index) => PAGES[index] ?? []);
      for (let at = 0; at < pages.length; at += batch) await store(pages.slice(at, at + batch));
      expect(await readTables()).toEqual(expected);
    }),
    { numRuns: 25 },
  );
});

test('of edits that arrive in any order the one that was read last is kept', async () => {
  const versions = [0, 1, 2, 3, 4];
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray(versions, { minLength: versions.length }),
      fc.integer({ min: 1, max: 3 }),
      async (order, batch) => {
        await empty();
        const pages = order.map((version) => {
          const read = { fetchedAt: readAfter(version), text: `правка ${version}` };
          return { posts: [aPost(read)], comments: [aComment(read)] };
        });
        for (let at = 0; at < pages.length; at += batch) await store(pages.slice(at, at + batch));
        const texts = await repositories.query<{ text: string }>(
          'SELECT text FROM posts UNION ALL SELECT text FROM comments',
        );
        expect(texts).toEqual([{ text: 'правка 4' }, { text: 'правка 4' }]);
      },
    ),
    { numRuns: 30 },
  );
});

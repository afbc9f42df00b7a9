import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import type { CommentInput } from '../../../src/repositories/commentRepository';
import type { PostInput } from '../../../src/repositories/postRepository';
import { expectFields } from '../../support/expectFields';
import { rowVersions } from '../../support/rowVersions';
import { openRepositories, type Repositories } from './openRepositories';
import { aComment, aCommunity, anAuthor, aPost, aStub, readAfter } from './rows';

let repositories: Repositories;

beforeAll(async () => {
  repositories = await openRepositories();
});
afterAll(() => repositories.close());
beforeEach(() => repositories.query('TRUNCATE posts, comments, authors, communities'));

const storePosts = (...posts: PostInput[]) =>
  repositories.withTransaction(undefined, (transaction) =>
    repositories.postRepository.upsertMany(posts, transaction),
  );
const storeComments = (...comments: CommentInput[]) =>
  repositories.withTransaction(undefined, (transaction) =>
    repositories.commentRepository.upsertMany(comments, transaction),
  );
const findComment = async (id = 10, ownerId = -1) =>
  (
    await repositories.models.Comment.findOne({ where: { ownerId, id }, rejectOnEmpty: true })
  ).toJSON();
const findPost = async (id = 1, ownerId = -1) =>
  (
    await repositories.models.Post.findOne({ where: { ownerId, id }, rejectOnEmpty: true })
  ).toJSON();

describe('what is read twice', () => {
  test('writes nothing if it did not change, even if it was read later', async () => {
    const { authorRepository, communityRepository, sequelize } = repositories;
    const store = async (seconds: number) => {
      const read = { fetchedAt: readAfter(seconds) };
      await authorRepository.upsertMany([anAuthor(read)]);
      await communityRepository.upsertMany([aCommunity({ ...read, raw: { wall: 1 } })]);
      const posts = await storePosts(aPost(read), aPost({ ...read, id: 2 }));
      const comments = await storeComments(aComment(read), aStub({ ...read, id: 11 }));
      return { posts: posts.map(({ seen }) => seen), comments };
    };
    expect(await store(0)).toEqual({
      posts: ['new', 'new'],
      comments: { inserted: 2, changed: 0, deleted: 1 },
    });
    const before = await rowVersions(sequelize);
    expect(await store(60)).toEqual({
      posts: ['same', 'same'],
      comments: { inserted: 0, changed: 0, deleted: 0 },
    });
    expect(await rowVersions(sequelize)).toEqual(before);
  });

  test('is what the newer reading says, and an older reading never overwrites it', async () => {
    const newer = { fetchedAt: readAfter(60) };
    await storePosts(aPost());
    expect(await storePosts(aPost({ ...newer, text: 'Правка', likes: 9 }))).toMatchObject([
      { seen: 'changed' },
    ]);
    expect(await storePosts(aPost({ fetchedAt: readAfter(30), text: 'Опоздало' }))).toMatchObject([
      { seen: 'same' },
    ]);
    expectFields(await findPost(), { text: 'Правка', likes: 9, ...newer });

    await storeComments(aComment());
    await storeComments(aComment({ ...newer, text: 'Правка', replyToUserId: 5 }));
    await storeComments(aComment({ fetchedAt: readAfter(30), text: 'Опоздало' }));
    expectFields(await findComment(), { text: 'Правка', replyToUserId: 5, ...newer });
    await storeComments(aComment({ fetchedAt: readAfter(90), replyToUserId: null }));
    expectFields(await findComment(), { text: 'Комментарий', replyToUserId: null });
  });

  test('may stand twice in one batch: the newest reading of each key is kept', async () => {
    const read = (seconds: number, text: string) => ({ fetchedAt: readAfter(seconds), text });
    const seen = await storePosts(
      aPost(read(2, 'вторая')),
      aPost(read(3, 'третья')),
      aPost({ id: 2 }),
      aPost(read(1, 'первая')),
    );
    expect(seen).toEqual([
      { ownerId: -1, id: 1, seen: 'new' },
      { ownerId: -1, id: 2, seen: 'new' },
    ]);
    expect((await findPost()).text).toBe('третья');
    const upserted = await storeComments(
      aComment(read(2, 'вторая')),
      aComment(read(1, 'первая')),
      aComment(read(2, 'вторая')),
    );
    expect(upserted.inserted).toBe(1);
    expect((await findComment()).text).toBe('вторая');
  });

  test('keeps two walls with equal identifiers apart', async () => {
    await storePosts(aPost({ text: 'первая стена' }), aPost({ ownerId: -2, text: 'вторая стена' }));
    await storeComments(aComment({ text: 'под первой' }));
    await storeComments(aComment({ ownerId: -2, text: 'под второй' }));
    expect((await findPost(1, -1)).text).toBe('первая стена');
    expect((await findPost(1, -2)).text).toBe('вторая стена');
    expect((await findComment(10, -1)).text).toBe('под первой');
    expect((await findComment(10, -2)).text).toBe('под второй');
  });
});

describe('a deleted comment', () => {
  const told = { text: 'Было сказано', fromId: 77, likes: 4, replyToUserId: 5 };
  const read = { attachments: [{ type: 'photo' }], raw: { id: 10 } };

  test('keeps text, author and attachments behind its stub, and is marked once', async () => {
    await storeComments(aComment({ ...told, ...read }));
    const upserted = await storeComments(aStub({ fetchedAt: readAfter(60) }));
    expect(upserted).toEqual({ inserted: 0, changed: 1, deleted: 1 });
    const deleted = { ...told, ...read, isDeleted: true, deletedAt: readAfter(60) };
    expectFields(await findComment(), deleted);
    expect(await storeComments(aStub({ fetchedAt: readAfter(120) }))).toMatchObject({ changed: 0 });
    await storeComments(aStub({ fetchedAt: readAfter(180), date: new Date(0) }));
    expectFields(await findComment(), deleted);
  });

  test('keeps them also if its stub came with the same batch', async () => {
    const stub = aStub({ fetchedAt: readAfter(60) });
    await storeComments(stub, aComment({ ...told, ...read }));
    const deleted = { ...told, ...read, isDeleted: true, deletedAt: readAfter(60) };
    expectFields(await findComment(), deleted);
    expect(await storeComments({ ...stub, fetchedAt: readAfter(90) })).toMatchObject({
      changed: 0,
    });
  });

  test('is unmarked when VK shows it again', async () => {
    await storeComments(aComment(told));
    await storeComments(aStub({ fetchedAt: readAfter(60) }));
    await storeComments(aComment({ ...told, fetchedAt: readAfter(120) }));
    expectFields(await findComment(), { ...told, isDeleted: false, deletedAt: null });
  });

  test('that was never read otherwise has neither author nor text, until VK shows it', async () => {
    await storeComments(aStub());
    expectFields(await findComment(), { fromId: null, text: '', isDeleted: true });
    await storeComments(aComment({ ...told, fetchedAt: readAfter(60) }));
    expectFields(await findComment(), { ...told, isDeleted: false, deletedAt: null });
  });

  test('is not marked by a stub that was read before it was shown again', async () => {
    await storeComments(aComment({ ...told, fetchedAt: readAfter(120) }));
    await storeComments(aStub({ fetchedAt: readAfter(60) }));
    expectFields(await findComment(), { isDeleted: false, deletedAt: null });
  });
});

describe('a deleted post', () => {
  const markDeleted = () =>
    repositories.withTransaction(undefined, (transaction) =>
      repositories.postRepository.markDeleted({ ownerId: -1, id: 1 }, transaction),
    );

  test('keeps its text, is marked once, and unmarked when VK lists it again', async () => {
    await storePosts(aPost(), aPost({ ownerId: -2 }));
    expect(await markDeleted()).toBe(1);
    const { deletedAt, text } = await findPost();
    expect(deletedAt).toBeInstanceOf(Date);
    expect(text).toBe('Запись');
    expect((await findPost(1, -2)).deletedAt).toBeNull();
    expect(await markDeleted()).toBe(0);
    expect((await findPost()).deletedAt).toEqual(deletedAt);
    expect(await storePosts(aPost({ fetchedAt: readAfter(1) }))).toMatchObject([
      { seen: 'changed' },
    ]);
    expect((await findPost()).deletedAt).toBeNull();
  });
});

describe('a community', () => {
  test('keeps what its whole form brought when the short form comes beside a page', async () => {
    const { communityRepository, models } = repositories;
    await communityRepository.upsertMany([aCommunity({ raw: { members_count: 5 } })]);
    const newer = { name: 'Новое имя', fetchedAt: readAfter(60) };
    await communityRepository.upsertMany([aCommunity(newer)]);
    const community = await models.Community.findByPk(1, { rejectOnEmpty: true });
    expectFields(community.toJSON(), { ...newer, raw: { members_count: 5 } });
  });

  test('that was known by its short form alone is completed by the whole one', async () => {
    const { communityRepository, models } = repositories;
    await communityRepository.upsertMany([aCommunity()]);
    await communityRepository.upsertMany([
      aCommunity({ fetchedAt: readAfter(1), raw: { members_count: 5 } }),
    ]);
    const community = await models.Community.findByPk(1, { rejectOnEmpty: true });
    expect(community.raw).toEqual({ members_count: 5 });
  });
});

test('nothing to store is no query and no row', async () => {
  expect(await storePosts()).toEqual([]);
  expect(await storeComments()).toEqual({ inserted: 0, changed: 0, deleted: 0 });
  await repositories.authorRepository.upsertMany([]);
  await repositories.communityRepository.upsertMany([]);
  expect(await repositories.models.Post.count()).toBe(0);
});

import { afterAll, beforeAll, expect, test } from 'bun:test';
import fc from 'fast-check';
import { cleanDeep } from '../../../src/utils/text';
import { openRepositories, type Repositories } from './openRepositories';
import { aComment, aCommunity, anAuthor, aPost } from './rows';

let repositories: Repositories;

beforeAll(async () => {
  repositories = await openRepositories();
});
afterAll(() => repositories.close());

const HARD_TEXTS = [
  '',
  ' ',
  'NULL',
  'null',
  '{}',
  '{a,b}',
  '{"a","b"}',
  '{NULL,"x\\"}',
  '"',
  '\\',
  '\\\\"',
  "'; DROP TABLE posts; --",
  '$1 $2 $$ :name ?',
  'две\nстроки\r\n\tотступ',
  '\u0001\u001f\u007f\ufeff',
  'Ёжик, ёж и Ёлка',
  '👨‍👩‍👧‍👦🏳️‍🌈🇷🇺',
  'مرحبا \u202e עולם \u2066x\u2069',
  'e\u0301 é ﬁ',
  'я'.repeat(8_192),
  '{"\\'.repeat(4_096),
];

const storedTexts = async (texts: string[]) => {
  await repositories.query('TRUNCATE posts, comments, authors, communities');
  const rows = texts.map((text, index) => ({ id: index + 1, text }));
  const { authorRepository, communityRepository, commentRepository, postRepository } = repositories;
  await repositories.withTransaction(undefined, async (transaction) => {
    await postRepository.upsertMany(
      rows.map(({ id, text }) =>
        aPost({ id, text, postType: text, attachments: [{ [text]: text }], raw: { text } }),
      ),
      transaction,
    );
    await commentRepository.upsertMany(
      rows.map(({ id, text }) => aComment({ id, text, attachments: [text, [text]] })),
      transaction,
    );
    await authorRepository.upsertMany(
      rows.map(({ id, text }) => anAuthor({ id, firstName: text, lastName: text })),
      transaction,
    );
    await communityRepository.upsertMany(
      rows.map(({ id, text }) => aCommunity({ id, name: text, raw: { name: text } })),
      transaction,
    );
  });
  const { Author, Comment, Community, Post } = repositories.models;
  const order: [string, string][] = [['id', 'ASC']];
  return {
    posts: (await Post.findAll({ order })).map(({ text, postType, attachments, raw }) => ({
      text,
      postType,
      attachments,
      raw,
    })),
    comments: (await Comment.findAll({ order })).map(({ text, attachments }) => ({
      text,
      attachments,
    })),
    authors: (await Author.findAll({ order })).map(({ firstName, lastName }) => ({
      firstName,
      lastName,
    })),
    communities: (await Community.findAll({ order })).map(({ name, raw }) => ({ name, raw })),
  };
};

const expectedOf = (texts: string[]) => ({
  posts: texts.map((text) => ({
    text,
    postType: text,
    attachments: [{ [text]: text }],
    raw: { text },
  })),
  comments: texts.map((text) => ({ text, attachments: [text, [text]] })),
  authors: texts.map((text) => ({ firstName: text, lastName: text })),
  communities: texts.map((text) => ({ name: text, raw: { name: text } })),
});

test('texts that break parsers are stored byte for byte, in columns and inside jsonb', async () => {
  expect(await storedTexts(HARD_TEXTS)).toEqual(expectedOf(HARD_TEXTS));
});

test('so is any text at all, once it has been cleaned', async () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('{', '}', '"', '\\', ',', "'", 'N', '\n', '$', '\0') }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 30 }), async (raw) => {
      const texts = cleanDeep(raw);
      expect(await storedTexts(texts)).toEqual(expectedOf(texts));
    }),
    { numRuns: 15 },
  );
});

test('what VK leaves out stays null, and identifiers are whole up to 2^53', async () => {
  await repositories.query('TRUNCATE posts, comments, authors, communities');
  const id = Number.MAX_SAFE_INTEGER;
  const nothing = {
    post: { fromId: null, postType: null, views: null, signerId: null, editedAt: null, geo: null },
    comment: { fromId: null, threadRootId: null, replyToCommentId: null, replyToUserId: null },
    author: { firstName: null, lastName: null, screenName: null, deactivated: null },
    community: { name: null, screenName: null, type: null, isClosed: null, deactivated: null },
  };
  const { models } = repositories;
  await repositories.withTransaction(undefined, async (transaction) => {
    const post = aPost({ ownerId: -id, id, raw: null, ...nothing.post });
    const comment = aComment({ ownerId: -id, id, postId: id, raw: null, ...nothing.comment });
    await repositories.postRepository.upsertMany([post], transaction);
    await repositories.commentRepository.upsertMany([comment], transaction);
    await repositories.authorRepository.upsertMany([anAuthor({ id, ...nothing.author })]);
    await repositories.communityRepository.upsertMany([aCommunity({ id, ...nothing.community })]);
  });
  const wall = { ownerId: -id, id };
  expect((await models.Post.findOne())?.toJSON()).toMatchObject({
    ...wall,
    ...nothing.post,
    raw: null,
    deletedAt: null,
  });
  expect((await models.Comment.findOne())?.toJSON()).toMatchObject({
    ...wall,
    postId: id,
    ...nothing.comment,
    raw: null,
    deletedAt: null,
  });
  expect((await models.Author.findOne())?.toJSON()).toMatchObject({ id, ...nothing.author });
  expect((await models.Community.findOne())?.toJSON()).toMatchObject({
    id,
    ...nothing.community,
    raw: null,
  });
});

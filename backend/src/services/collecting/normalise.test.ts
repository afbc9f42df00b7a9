import { describe, expect, test } from 'bun:test';
import { commentCountOf, toAuthor, toComment, toCommunity, toPost } from './normalise';

const FETCHED_AT = new Date('2026-05-01T12:00:00.000Z');
const DATE = 1_767_261_600;

const post = (overrides: object = {}) => ({
  id: 5,
  owner_id: -1,
  from_id: 77,
  date: DATE,
  text: 'Запись',
  post_type: 'post',
  likes: { count: 3, user_likes: 0 },
  reposts: { count: 1 },
  views: { count: 100 },
  comments: { count: 2, can_post: 1 },
  ...overrides,
});
const readPost = (overrides: object = {}, rawMode: 'posts' | 'all' | 'none' = 'none') =>
  toPost(post(overrides), -1, FETCHED_AT, rawMode);

const PLACE = { ownerId: -1, postId: 5, threadRootId: null };
const comment = (overrides: object = {}) => ({
  id: 9,
  from_id: 77,
  date: DATE,
  text: 'Слово',
  likes: { count: 2 },
  ...overrides,
});
const readComment = (overrides: object = {}, rawMode: 'posts' | 'all' | 'none' = 'none') =>
  toComment(comment(overrides), PLACE, FETCHED_AT, rawMode);

describe('a post', () => {
  test("becomes a row with VK's own values", () => {
    expect(
      readPost({ edited: DATE + 60, signer_id: 8, is_pinned: 1, geo: { type: 'point' } }),
    ).toEqual({
      ownerId: -1,
      id: 5,
      fromId: 77,
      date: new Date(DATE * 1_000),
      text: 'Запись',
      postType: 'post',
      likes: 3,
      reposts: 1,
      views: 100,
      comments: 2,
      isPinned: true,
      markedAsAds: false,
      signerId: 8,
      editedAt: new Date((DATE + 60) * 1_000),
      attachments: [],
      copyHistory: [],
      geo: { type: 'point' },
      raw: null,
      contentHash: expect.any(Number) as number,
      fetchedAt: FETCHED_AT,
    });
  });

  test('without views has none, without counters counts nothing', () => {
    const bare = toPost({ id: 5, owner_id: -1, date: DATE }, -1, FETCHED_AT, 'none');
    expect(bare).toMatchObject({
      views: null,
      likes: 0,
      reposts: 0,
      comments: 0,
      text: '',
      fromId: null,
      editedAt: null,
    });
  });

  test('may say its flags as 0, 1, false or true', () => {
    for (const flag of [1, true]) {
      expect(readPost({ is_pinned: flag, marked_as_ads: flag })).toMatchObject({
        isPinned: true,
        markedAsAds: true,
      });
    }
    for (const flag of [0, false, undefined, null]) {
      expect(readPost({ is_pinned: flag })).toMatchObject({ isPinned: false });
    }
  });

  test('may say whole numbers with a fraction of zero', () => {
    const reply = JSON.parse(
      '{"id":5.0,"owner_id":-1.0,"date":1767261600.0,"likes":{"count":7.0}}',
    );
    expect(toPost(reply, -1, FETCHED_AT, 'none')).toMatchObject({ id: 5, ownerId: -1, likes: 7 });
  });

  test('may say [] or null where an object or a list is meant', () => {
    for (const empty of [[], null, undefined, 0]) {
      expect(
        readPost({
          likes: empty,
          views: empty,
          geo: empty,
          attachments: empty,
          copy_history: empty,
        }),
      ).toMatchObject({ likes: 0, views: null, geo: null, attachments: [], copyHistory: [] });
    }
  });

  test('without an id, or with one beyond 2^53, is none', () => {
    for (const id of [undefined, null, 'x', 2 ** 53, 1.5, {}]) {
      expect(readPost({ id })).toBeNull();
    }
  });

  test('keeps a senseless counter within what a column holds', () => {
    expect(readPost({ likes: { count: -4 }, views: { count: 1e12 } })).toMatchObject({
      likes: 0,
      views: 2_147_483_647,
    });
  });

  test('keeps its raw object less the presentation noise, where that is asked for', () => {
    const noisy = { hash: 'x', track_code: 'y', donut: { is_donut: false } };
    expect(readPost(noisy, 'posts')?.raw).toEqual(post({ donut: { is_donut: false } }));
    expect(readPost(noisy, 'all')?.raw).toEqual(readPost(noisy, 'posts')?.raw);
    expect(readPost(noisy, 'none')?.raw).toBeNull();
  });

  test('counts as unchanged whatever noise VK adds', () => {
    const noisy = { hash: 'x', views: { count: 100 }, is_pinned: false, is_favorite: true };
    expect(readPost(noisy)?.contentHash).toBe(readPost()?.contentHash ?? 0);
    expect(readPost({ text: 'Правка' })?.contentHash).not.toBe(readPost()?.contentHash ?? 0);
  });

  test('tells of its comments only where VK counted them', () => {
    expect(commentCountOf(post())).toBe(2);
    expect(commentCountOf(post({ comments: undefined }))).toBeNull();
    expect(commentCountOf(post({ comments: { can_post: 0 } }))).toBeNull();
  });
});

describe('a comment', () => {
  test('stands where it was read, whatever VK says of its place', () => {
    expect(readComment({ reply_to_comment: 8, reply_to_user: -3 })).toMatchObject({
      ...PLACE,
      id: 9,
      fromId: 77,
      replyToCommentId: 8,
      replyToUserId: -3,
      isDeleted: false,
      likes: 2,
      raw: null,
    });
  });

  test('is a stub in both forms that VK is known to leave', () => {
    const flagged = toComment({ id: 9, date: DATE, deleted: true }, PLACE, FETCHED_AT, 'none');
    const authorless = readComment({ from_id: 0, text: '' });
    for (const stub of [flagged, authorless]) {
      expect(stub).toMatchObject({ isDeleted: true, fromId: null, text: '' });
    }
  });

  test('of a community is no stub', () => {
    expect(readComment({ from_id: -4 })).toMatchObject({ isDeleted: false, fromId: -4 });
  });

  test('without an id is none', () => {
    expect(readComment({ id: undefined })).toBeNull();
  });

  test('keeps its raw object only where everything is kept', () => {
    expect(readComment({}, 'posts')?.raw).toBeNull();
    expect(readComment({}, 'all')?.raw).toEqual(comment());
  });
});

describe('an author', () => {
  test('is a person with whatever names VK shows', () => {
    const person = { id: 77, first_name: 'DELETED', last_name: '', deactivated: 'deleted' };
    expect(toAuthor(person, FETCHED_AT)).toMatchObject({
      id: 77,
      firstName: 'DELETED',
      lastName: '',
      screenName: null,
      deactivated: 'deleted',
    });
  });

  test('is never a community or nobody', () => {
    for (const id of [-1, 0, undefined, '']) expect(toAuthor({ id }, FETCHED_AT)).toBeNull();
  });
});

describe('a community', () => {
  test('is keyed by its positive id, and keeps its raw object in the whole form alone', () => {
    const group = { id: -4, name: 'Клуб', is_closed: 1, members_count: 5 };
    expect(toCommunity(group, FETCHED_AT)).toMatchObject({ id: 4, isClosed: 1, raw: null });
    expect(toCommunity(group, FETCHED_AT, true)?.raw).toEqual(group);
  });

  test('may be closed as 0, 1, 2, false, true or not at all', () => {
    const closed = (value: unknown) =>
      toCommunity({ id: 4, is_closed: value }, FETCHED_AT)?.isClosed;
    expect([0, 1, 2, false, true, 7, undefined].map(closed)).toEqual([0, 1, 2, 0, 1, 2, null]);
  });

  test('counts as unchanged between its short and its whole form', () => {
    const short = { id: 4, name: 'Клуб', screen_name: 'klub', is_closed: 0 };
    const whole = { ...short, members_count: 5, photo_50: 'https://sun1.example/a' };
    expect(toCommunity(whole, FETCHED_AT, true)?.contentHash).toBe(
      toCommunity(short, FETCHED_AT)?.contentHash ?? 0,
    );
  });
});

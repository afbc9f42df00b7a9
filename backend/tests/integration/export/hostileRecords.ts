import type { AuthorRecord, CommunityRecord } from '@stenograf/contracts/exportRecords';
import type { TestApi } from '../http/startApi';
import {
  insertAuthors,
  insertComments,
  insertCommunities,
  insertPosts,
  makeComment,
  makePost,
  unknownAuthor,
  unknownCommunity,
} from './seed';

/** Records whose texts break files that are not written with care. */
export const HOSTILE_TEXTS = [
  'Ж'.repeat(16_384),
  '👨‍👩‍👧‍👦 \u{1F3F4}\u{E0067}\u{E0062}\u{E007F} é е́',
  'שלום \u202Eevil\u202C مرحبا',
  '"quoted" \\back\\slash \'single\' `tick`',
  'line\r\nbreak\u2028separator\u2029end\ttab\u0001control',
  '=cmd()|"@SUM(1)" -1 +1',
  '{"kind":"post"}\n{"kind":"comment"}',
  '\uFFFD\uFEFF ',
];

const richPost = makePost({
  owner_id: -1,
  id: 5,
  from_id: 900,
  date: '2026-01-31T23:59:59.000Z',
  text: HOSTILE_TEXTS[0] ?? '',
  post_type: 'reply',
  likes: 1,
  reposts: 2,
  views: 3,
  comments: 4,
  comments_stored: HOSTILE_TEXTS.length,
  is_pinned: true,
  marked_as_ads: true,
  signer_id: 901,
  edited_at: '2026-02-01T10:00:00.000Z',
  attachments: [{ type: 'photo', photo: { id: 2 ** 53 - 1, text: '\u{1F600}"\\' } }, null],
  copy_history: [{ id: 1, owner_id: -7, text: 'Ещё' }],
  geo: { coordinates: '55.7 37.6' },
  deleted_at: '2026-02-02T00:00:00.000Z',
});
export const sameIdElsewhere = makePost({ owner_id: -2, id: 5, comments_stored: 1 });
const latePost = makePost({
  owner_id: -2,
  id: 6,
  from_id: 77,
  date: '2026-03-01T00:00:00.000Z',
  comments_stored: 1,
});

export const hostileComments = HOSTILE_TEXTS.map((text, index) =>
  makeComment({ owner_id: -1, post_id: 5, id: 10 + index, from_id: 100 + index, text }),
);
const richComment = makeComment({
  owner_id: -2,
  post_id: 5,
  id: 10,
  from_id: -3,
  date: '2026-06-01T00:00:00.000Z',
  text: 'ответ',
  likes: 9,
  thread_root_id: 8,
  reply_to_comment_id: 9,
  reply_to_user_id: 77,
  attachments: [{ type: 'sticker' }],
  deleted_at: '2026-07-01T00:00:00.000Z',
});
const stub = makeComment({ owner_id: -2, post_id: 6, id: 11, from_id: null, is_deleted: true });

export const known: AuthorRecord = {
  ...unknownAuthor(77),
  name: 'Анна Ёлкина',
  first_name: 'Анна',
  last_name: 'Ёлкина',
  screen_name: 'anna',
};
export const deactivated: AuthorRecord = {
  ...unknownAuthor(100),
  name: 'DELETED',
  first_name: 'DELETED',
  last_name: '',
  deactivated: 'deleted',
};
export const community: CommunityRecord = {
  kind: 'community',
  id: 1,
  screen_name: 'club1',
  name: 'Сообщество "Один"',
  type: 'group',
  is_closed: 0,
  deactivated: null,
};

export const posts = [sameIdElsewhere, latePost, richPost];
export const comments = [richComment, stub, ...hostileComments];

/** Not in the order of their keys, and with rows that no export of these posts may show. */
export const insertHostileRecords = async (api: TestApi): Promise<void> => {
  await insertPosts(api, posts.toReversed());
  await insertComments(api, [stub, richComment, ...hostileComments.toReversed()]);
  await insertAuthors(api, [known, deactivated, { ...unknownAuthor(55), first_name: 'Nobody' }]);
  await insertCommunities(api, [community, { ...unknownCommunity(8), name: 'Never asked for' }]);
};

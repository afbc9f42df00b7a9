import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type {
  AuthorRecord,
  CommunityRecord,
  ExportRecord,
} from '@stenograf/contracts/exportRecords';
import { startApi, type TestApi } from '../http/startApi';
import {
  insertAuthors,
  insertComments,
  insertCommunities,
  insertPosts,
  insertTask,
  makeComment,
  makePost,
  unknownAuthor,
  unknownCommunity,
} from './seed';

const HOSTILE_TEXTS = [
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
const sameIdElsewhere = makePost({ owner_id: -2, id: 5, comments_stored: 1 });
const latePost = makePost({
  owner_id: -2,
  id: 6,
  from_id: 77,
  date: '2026-03-01T00:00:00.000Z',
  comments_stored: 1,
});

const hostileComments = HOSTILE_TEXTS.map((text, index) =>
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

const known: AuthorRecord = {
  ...unknownAuthor(77),
  name: 'Анна Ёлкина',
  first_name: 'Анна',
  last_name: 'Ёлкина',
  screen_name: 'anna',
};
const deactivated: AuthorRecord = {
  ...unknownAuthor(100),
  name: 'DELETED',
  first_name: 'DELETED',
  last_name: '',
  deactivated: 'deleted',
};
const community: CommunityRecord = {
  kind: 'community',
  id: 1,
  screen_name: 'club1',
  name: 'Сообщество "Один"',
  type: 'group',
  is_closed: 0,
  deactivated: null,
};

const posts = [sameIdElsewhere, latePost, richPost];
const comments = [richComment, stub, ...hostileComments];

let api: TestApi;
let taskId: number;

beforeAll(async () => {
  api = await startApi();
  await insertPosts(api, posts.toReversed());
  await insertComments(api, [stub, richComment, ...hostileComments.toReversed()]);
  await insertAuthors(api, [known, deactivated, { ...unknownAuthor(55), first_name: 'Nobody' }]);
  await insertCommunities(api, [community, { ...unknownCommunity(8), name: 'Never asked for' }]);
  taskId = await insertTask(api, [-2, -4], [sameIdElsewhere]);
});
afterAll(() => api.stop());

const get = (path: string) =>
  fetch(`${api.url}/api/v1/exports/${path}`, {
    headers: { authorization: `Bearer ${api.keys.read}` },
  });

const read = async (path: string): Promise<ExportRecord[]> => {
  const text = await (await get(path)).text();
  if (text === '') return [];
  expect(text.endsWith('\n')).toBe(true);
  return text
    .slice(0, -1)
    .split('\n')
    .map((line) => JSON.parse(line) as ExportRecord);
};

const keysOf = (records: ExportRecord[]): string[] =>
  records.map((record) =>
    'owner_id' in record
      ? `${record.kind} ${record.owner_id}_${record.id}`
      : `${record.kind} ${record.id}`,
  );

describe('an export', () => {
  test('of all equals the database, record for record, field for field, in order', async () => {
    expect(await read('all.ndjson')).toEqual([
      ...posts,
      ...comments,
      known,
      deactivated,
      ...[101, 102, 103, 104, 105, 106, 107, 900].map((id) => unknownAuthor(id)),
      community,
      ...[2, 3, 4].map((id) => unknownCommunity(id)),
    ]);
  });

  test('of one kind holds that kind alone', async () => {
    expect(await read('posts.ndjson')).toEqual(posts);
    expect(await read('comments.ndjson')).toEqual(comments);
  });

  test('names its type and a file', async () => {
    const { headers } = await get(`all.ndjson?task=${taskId}`);
    expect(headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
    expect(headers.get('content-disposition')).toMatch(
      new RegExp(`^attachment; filename="stenograf-all-task-${taskId}-\\d{8}T\\d{6}Z\\.ndjson"$`),
    );
  });
});

const OF_RICH_POST = {
  comments: keysOf(hostileComments),
  authors: [...HOSTILE_TEXTS.map((_, index) => `author ${100 + index}`), 'author 900'],
};

describe('a filter chooses posts, and the rest follows them', () => {
  test.each<[string, string[]]>([
    ['task=TASK', ['post -2_5', 'comment -2_10', 'community 2', 'community 3', 'community 4']],
    [
      'community=1',
      ['post -1_5', ...OF_RICH_POST.comments, ...OF_RICH_POST.authors, 'community 1'],
    ],
    [
      'community=club2&since=2026-02-01',
      ['post -2_6', 'comment -2_11', 'author 77', 'community 2'],
    ],
    ['task=TASK&community=-4', ['community 4']],
    ['task=TASK&community=1', []],
    ['until=2026-01-01&community=2', ['post -2_5', 'comment -2_10', 'community 2', 'community 3']],
    [
      'since=2026-01-31T23:59:59Z&until=2026-01-31',
      [
        'post -1_5',
        ...OF_RICH_POST.comments,
        ...OF_RICH_POST.authors,
        'community 1',
        'community 2',
        'community 4',
      ],
    ],
    ['community=1&community=2&since=2027-01-01', ['community 2']],
    ['community=999', []],
  ])('%s', async (query, expected) => {
    const records = await read(`all.ndjson?${query.replace('TASK', String(taskId))}`);
    expect(keysOf(records)).toEqual(expected);
  });

  test('a task that does not exist is not found, not an empty file', async () => {
    const response = await get('all.ndjson?task=999999');
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toStartWith('application/problem+json');
    expect(response.headers.get('content-disposition')).toBeNull();
  });
});

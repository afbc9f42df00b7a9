import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { ListDto } from '@stenograf/contracts/api';
import type {
  CommunityStatsDto,
  HeatmapDto,
  PostDto,
  SearchNote,
  TimelineDto,
  TopAuthorDto,
} from '@stenograf/contracts/reading';
import { insertComments, insertPosts, insertTask, makeComment, makePost } from '../export/seed';
import { startApi, type TestApi } from '../http/startApi';
import { createReader, type Reader } from './readApi';

let api: TestApi;
let reader: Reader;
let task: number;

/** 1 January 2026 is a Thursday. */
beforeAll(async () => {
  api = await startApi();
  reader = createReader(api);
  await api.query(
    `INSERT INTO communities (id, name, content_hash, fetched_at)
     SELECT n, 'Сообщество ' || n, 1, now() FROM generate_series(1, 3) n`,
  );
  await insertPosts(api, [
    makePost({ owner_id: -1, id: 1, date: '2026-01-01T22:30:00.000Z', likes: 5, views: 10 }),
    makePost({ owner_id: -1, id: 2, date: '2026-01-08T10:00:00.000Z', likes: 9, text: 'кот' }),
    makePost({ owner_id: -2, id: 1, date: '2026-02-01T10:00:00.000Z', from_id: 77, reposts: 3 }),
  ]);
  await insertComments(
    api,
    [1, 2, 3, 4, 5].map((id) =>
      makeComment({
        owner_id: id < 4 ? -1 : -2,
        post_id: id < 4 ? 1 : 1,
        id: 10 + id,
        from_id: id < 3 ? 77 : 78,
        text: id === 5 ? 'коты' : '',
        date: `2026-01-0${id}T10:15:00.000Z`,
      }),
    ),
  );
  task = await insertTask(api, [-2], [{ owner_id: -2, id: 1 }]);
});
afterAll(() => api.stop());

const timeline = (parameters: Record<string, string | number>) =>
  reader.read<TimelineDto>('/stats/timeline', parameters);

describe('the timeline', () => {
  test('counts by days, of UTC or of the zone that was asked for', async () => {
    const { buckets } = await timeline({ community: 1, until: '2026-01-02' });
    expect(buckets).toEqual([
      { start: '2026-01-01T00:00', posts: 1, comments: 1 },
      { start: '2026-01-02T00:00', posts: 0, comments: 1 },
    ]);
    const moscow = await timeline({ community: 1, until: '2026-01-02', zone: 'Europe/Moscow' });
    expect(moscow.buckets).toEqual([
      { start: '2026-01-01T00:00', posts: 0, comments: 1 },
      { start: '2026-01-02T00:00', posts: 1, comments: 1 },
    ]);
    const nepal = await timeline({ unit: 'hour', until: '2026-01-01', zone: 'Asia/Kathmandu' });
    expect(nepal.buckets.map(({ start }) => start)).toEqual([
      '2026-01-01T16:00',
      '2026-01-02T04:00',
    ]);
  });

  test.each([
    ['week', ['2025-12-29T00:00', '2026-01-05T00:00', '2026-01-26T00:00']],
    ['month', ['2026-01-01T00:00', '2026-02-01T00:00']],
    ['hour', ['2026-01-01T10:00', '2026-01-01T22:00']],
  ])('counts by %s', async (unit, starts) => {
    const { buckets } = await timeline({ unit });
    expect(buckets.map(({ start }) => start).slice(0, starts.length)).toEqual(starts);
  });

  test('takes every filter that lists take: words, tasks, authors', async () => {
    const sums = async (parameters: Record<string, string | number>) => {
      const { buckets } = await timeline({ unit: 'month', ...parameters });
      const sum = (of: (bucket: (typeof buckets)[number]) => number) =>
        buckets.reduce((total, bucket) => total + of(bucket), 0);
      return [sum(({ posts }) => posts), sum(({ comments }) => comments)];
    };
    expect(await sums({})).toEqual([3, 5]);
    expect(await sums({ q: 'котами' })).toEqual([1, 1]);
    expect(await sums({ q: 'is:reply' })).toEqual([0, 0]);
    expect(await sums({ task })).toEqual([1, 2]);
    expect(await sums({ author: 77 })).toEqual([1, 2]);
    expect(await sums({ author: -1, has: 'photo' })).toEqual([0, 0]);
  });
});

test('the heatmap counts by weekday and hour of a zone', async () => {
  const { posts, comments } = await reader.read<HeatmapDto>('/stats/heatmap', {
    zone: 'Europe/Moscow',
  });
  expect([posts.length, ...posts.map((hours) => hours.length)]).toEqual([7, ...Array(7).fill(24)]);
  // Thursday 22:30 in London is Friday 01:30 in Moscow.
  expect(posts[4]?.[1]).toBe(1);
  expect(posts.flat().reduce((a, b) => a + b)).toBe(3);
  expect(comments.map((hours) => hours[13])).toEqual([1, 0, 0, 1, 1, 1, 1]);
});

test('the top of the authors counts both, and is of one', async () => {
  const top = async (parameters: Record<string, string | number>) =>
    (await reader.read<{ items: TopAuthorDto[] }>('/stats/top-authors', parameters)).items.map(
      ({ id, posts, comments }) => [id, posts, comments],
    );
  expect(await top({})).toEqual([
    [78, 0, 3],
    [77, 1, 2],
  ]);
  expect(await top({ by: 'posts' })).toEqual([
    [-1, 2, 0],
    [77, 1, 2],
  ]);
  expect(await top({ community: 1, limit: 1 })).toEqual([[77, 0, 2]]);
});

test('the top of the posts is by any count, and leaves out those without', async () => {
  const top = async (by: string) =>
    (await reader.read<{ items: PostDto[] }>('/stats/top-posts', { by })).items.map(
      ({ owner_id: ownerId, id }) => `${ownerId}_${id}`,
    );
  expect(await top('likes')).toEqual(['-1_2', '-1_1']);
  expect(await top('views')).toEqual(['-1_1']);
  expect(await top('reposts')).toEqual(['-2_1']);
});

test('communities are summed wall by wall', async () => {
  const all = await reader.readAll<CommunityStatsDto>('/stats/communities', { limit: 1 });
  expect(all.map(({ id, posts, comments, likes }) => [id, posts, comments, likes])).toEqual([
    [1, 2, 3, 14],
    [2, 1, 2, 0],
  ]);
  const { items } = await reader.read<ListDto<CommunityStatsDto>>('/stats/communities', {
    community: 1,
    since: '2026-01-02',
  });
  expect(items).toMatchObject([
    { id: 1, posts: 1, comments: 2, first_post_at: '2026-01-08T10:00:00.000Z' },
  ]);
});

test('what cannot be counted is refused with a sentence', async () => {
  const refusal = async (path: string, parameters: Record<string, string | number>) => {
    const { code, errors } = await reader.refuse(path, parameters);
    return [code, errors?.map(({ pointer }) => pointer)];
  };
  expect(await refusal('/stats/timeline', { zone: 'Nowhere/Land' })).toEqual([
    'validation_failed',
    ['/zone'],
  ]);
  expect(await refusal('/stats/timeline', { zone: '+03:00' })).toEqual([
    'validation_failed',
    ['/zone'],
  ]);
  expect(await refusal('/stats/timeline', { unit: 'year' })).toEqual([
    'validation_failed',
    ['/unit'],
  ]);
  expect(await refusal('/stats/top-authors', { limit: 101 })).toEqual([
    'validation_failed',
    ['/limit'],
  ]);
  expect(await refusal('/stats/heatmap', { task: 99 })).toEqual(['not_found', undefined]);
});

test('a query tells what was done with it here too', async () => {
  const { notes } = await reader.read<{ notes: SearchNote[] }>('/stats/timeline', { q: 'и кот' });
  expect(notes.map(({ code, part }) => [code, part])).toEqual([['common_words', 'и']]);
});

import { describe, expect, test } from 'bun:test';
import { createWorld } from '../src/world/createWorld';
import { createTruth, type Truth } from '../src/world/truth';
import { WORLD_SIZES, type WorldSize } from '../src/world/sizes';

const truthOf = (size: WorldSize, seed: number): Truth => createTruth(createWorld(size, seed));

describe('worlds', () => {
  for (const size of WORLD_SIZES) {
    test(`${size}: one seed gives one world, another seed another`, () => {
      const once = JSON.stringify(truthOf(size, 7));
      expect(JSON.stringify(truthOf(size, 7)) === once).toBe(true);
      expect(JSON.stringify(truthOf(size, 8)) === once).toBe(false);
    });
  }

  for (const seed of [1, 7, 42]) {
    test(`sizes keep their promises with seed ${seed}`, () => {
      const tiny = truthOf('tiny', seed);
      expect(tiny.posts).toHaveLength(30);
      expect(tiny.comments.length).toBeGreaterThan(200);
      expect(tiny.comments.length).toBeLessThan(600);
      const quirks = truthOf('quirks', seed);
      expect(quirks.fewest.total).toBeLessThan(400);
      expect(quirks.failures.map(({ kind }) => kind)).toEqual([
        'community_closed',
        'community_banned',
        'community_deleted',
        'wall_disabled',
        'not_found',
      ]);
      const demo = truthOf('demo', seed);
      expect(demo.posts.length).toBeGreaterThanOrEqual(1_000);
      expect(demo.comments.length).toBeGreaterThanOrEqual(20_000);
      expect(demo.fewest.total).toBeGreaterThanOrEqual(1_000);
      expect(demo.fewest.total).toBeLessThanOrEqual(1_400);
      expect(demo.communities.length - demo.failures.length).toBeGreaterThanOrEqual(5);
    });
  }

  test('every author and every writing community of the truth is in it', () => {
    const { posts, comments, authors, communities } = truthOf('demo', 7);
    const known = new Set([...authors.map(({ id }) => id), ...communities.map(({ id }) => -id)]);
    const writers = [...posts, ...comments].map((row) => row.from_id);
    expect(writers.filter((id) => id !== null && !known.has(id))).toEqual([]);
    expect(writers.filter((id) => id === null).length).toBeGreaterThan(0);
  });

  test('the truth can be asked about some communities only', () => {
    const world = createWorld('quirks', 7);
    const { posts, failures, communities } = createTruth(world, { communities: [4, 101] });
    expect(new Set(posts.map((row) => row.owner_id))).toEqual(new Set([-4]));
    expect(failures).toEqual([{ community_id: 101, kind: 'community_closed', code: 15 }]);
    expect(communities[0]).toMatchObject({ id: 4, type: 'event', screen_name: 'noch.teatra' });
  });

  test('texts of the truth can be stored: no U+0000, no lone surrogate', () => {
    const text = JSON.stringify(truthOf('quirks', 7));
    expect(text).not.toContain(String.raw`\u0000`);
    expect(text).not.toMatch(/\\ud[89a-f]/);
    expect(text).toContain('допосле нуля');
  });

  test('quirks: posts of every shape are there', () => {
    const { posts, comments } = truthOf('quirks', 7);
    const has = (test: (row: (typeof posts)[number]) => boolean) => posts.some((row) => test(row));
    expect(has((row) => row.views === null)).toBe(true);
    expect(has((row) => row.signer_id !== null)).toBe(true);
    expect(has((row) => row.marked_as_ads)).toBe(true);
    expect(has((row) => row.text === '' && (row.copy_history as unknown[]).length > 0)).toBe(true);
    expect(has((row) => row.geo !== null)).toBe(true);
    expect(has((row) => row.edited_at !== null)).toBe(true);
    expect(has((row) => row.comments > 0 && row.comments_stored === 0)).toBe(true);
    expect(has((row) => Buffer.byteLength(row.text) >= 16_384)).toBe(true);
    expect(comments.some((row) => (row.from_id ?? 0) < -7_000)).toBe(true);
    const attachments = JSON.stringify(posts.map((row) => row.attachments));
    for (const kind of ['mini_app', '"photos_list":null', 'market_market_album', 'poll', 'doc']) {
      expect(attachments).toContain(kind);
    }
    expect(attachments).not.toContain('userapi');
    expect(attachments).not.toContain('access_key');
  });

  test('ids are not dense, and one post is dated after posts with higher ids', () => {
    const { posts } = createTruth(createWorld('quirks', 7), { communities: [1] });
    const ids = posts.map(({ id }) => id);
    expect(Math.max(...ids)).toBeGreaterThan(ids.length * 2);
    const byDate = posts.toSorted((one, other) => one.date.localeCompare(other.date));
    expect(byDate.map(({ id }) => id)).not.toEqual(ids.toSorted((one, other) => one - other));
  });

  test('a plan of three lines is a world', () => {
    const plan = { users: 1, communities: [{ id: 9, posts: [{ roots: [{ replies: 2 }] }] }] };
    const { posts, comments, authors } = createTruth(createWorld(plan, 1));
    expect([posts.length, comments.length]).toEqual([1, 3]);
    expect(authors.length).toBeLessThanOrEqual(1);
  });
});

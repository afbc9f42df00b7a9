import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { selectInScope, startOfScope, type ScopeMemory, type WallPost } from './wallScope';

const day = (n: number): Date => new Date(Date.UTC(2026, 0, 1) + n * 86_400_000);
const post = (id: number, isPinned = false): WallPost => ({ id, date: day(id), isPinned });

/** Newest first, with the pinned post moved to the top, as VK shows a wall. */
const wall = (size: number, pinnedId: number | null): WallPost[] => {
  const ids = Array.from({ length: size }, (_, index) => size - index);
  const rest = ids.filter((id) => id !== pinnedId).map((id) => post(id));
  return pinnedId === null ? rest : [post(pinnedId, true), ...rest];
};

const readInPages = (posts: WallPost[], limit: number | null, pageSize: number) => {
  const taken = new Set<number>();
  let memory: ScopeMemory = startOfScope;
  for (let at = 0; at < posts.length; at += pageSize) {
    const verdict = selectInScope(
      { limit, since: null, until: null },
      memory,
      posts.slice(at, at + pageSize),
      at + pageSize >= posts.length,
    );
    verdict.inScope.forEach((id) => taken.add(id));
    if (verdict.latePinnedId !== null) taken.add(verdict.latePinnedId);
    memory = verdict.memory;
    if (verdict.isOver) break;
  }
  return taken;
};

describe('the scope of a wall', () => {
  test('with a limit takes exactly the newest posts by date, the pinned one by its own', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 70 }),
        fc.integer({ min: 1, max: 25 }),
        fc.option(fc.integer({ min: 1, max: 60 })),
        (size, limit, pageSize, pinned) => {
          const pinnedId = pinned !== null && pinned <= size ? pinned : null;
          const taken = readInPages(wall(size, pinnedId), limit, pageSize);
          const newest = Array.from({ length: Math.min(limit, size) }, (_, index) => size - index);
          expect([...taken].sort((a, b) => b - a)).toEqual(newest);
        },
      ),
    );
  });

  test('without a limit takes everything in time, both ends included', () => {
    const verdict = selectInScope(
      { limit: null, since: day(3), until: day(6) },
      startOfScope,
      wall(9, 2),
      true,
    );
    expect([...verdict.inScope]).toEqual([6, 5, 4, 3]);
  });

  test('ends only after a run of posts that are too old, since a wall is not strictly in order', () => {
    const scope = { limit: null, since: day(50), until: null };
    const few = [post(60), ...Array.from({ length: 9 }, (_, index) => post(40 - index))];
    expect(selectInScope(scope, startOfScope, few, false).isOver).toBe(false);
    const many = [post(60), ...Array.from({ length: 10 }, (_, index) => post(40 - index))];
    expect(selectInScope(scope, startOfScope, many, false).isOver).toBe(true);
  });
});

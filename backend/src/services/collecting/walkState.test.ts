import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { LiveList } from '../../../tests/support/liveList';
import {
  applyPage,
  nextRequest,
  OVERLAP,
  PAGE_COUNT,
  startOfWalk,
  type WalkState,
} from './walkState';

const readWhole = (list: LiveList, between: (page: number) => void = () => {}, cutOn?: number) => {
  const seen = new Set<number>();
  let state: WalkState = startOfWalk;
  for (let page = 0; page < 2_000; page++) {
    const request = nextRequest(state);
    const reply = list.page(request.offset, request.count, page === cutOn ? 7 : 0);
    for (const id of reply.ids) seen.add(id);
    const step = applyPage(state, request, reply);
    state = step.state;
    if (step.verdict !== 'continue') return { seen, state, pages: page + 1, verdict: step.verdict };
    between(page);
  }
  throw new Error('the walk does not end');
};

const mutations = fc.array(
  fc.array(fc.record({ insert: fc.boolean(), index: fc.nat(2_000) }), { maxLength: 30 }),
  { maxLength: 40 },
);

describe('a walk', () => {
  test('reads an unchanged list with one page for each 90 items after the first 100', () => {
    for (const size of [0, 1, 99, 101, 190, 191, 1_000]) {
      const { seen, pages, verdict, state } = readWhole(new LiveList(size, 'end'));
      expect(verdict).toBe('done');
      expect(seen.size).toBe(size);
      expect(state.stored).toBe(size);
      expect(pages).toBeLessThanOrEqual(1 + Math.ceil(Math.max(0, size - 99) / (100 - OVERLAP)));
    }
  });

  for (const growsAt of ['start', 'end'] as const) {
    test(`keeps whatever stayed in a list that grows at its ${growsAt} and loses items anywhere`, () => {
      fc.assert(
        fc.property(fc.integer({ min: 0, max: 900 }), mutations, (size, plan) => {
          const list = new LiveList(size, growsAt);
          const before = new Set(list.visible());
          const { seen, verdict } = readWhole(list, (page) => {
            for (const { insert, index } of plan[page] ?? []) {
              if (insert) list.insert();
              else list.remove(index);
            }
          });
          expect(verdict).toBe('done');
          for (const id of list.visible()) if (before.has(id)) expect(seen.has(id)).toBe(true);
        }),
        { numRuns: 300 },
      );
    });
  }

  test('reads past hidden items and short pages without taking them for the end', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 600 }),
        fc.integer({ min: 2, max: 9 }),
        fc.nat(8),
        (size, hiddenEvery, cutOn) => {
          const list = new LiveList(size, 'end', hiddenEvery);
          const { seen, verdict } = readWhole(list, () => {}, cutOn);
          expect(verdict).toBe('done');
          expect(list.visible().filter((id) => !seen.has(id))).toEqual([]);
        },
      ),
    );
  });

  test('looks behind an end that comes before the count of VK is reached', () => {
    // Hidden items keep their places here but are not counted.
    const list = new LiveList(200, 'end', 3);
    const visible = list.visible();
    const seen = new Set<number>();
    let state: WalkState = startOfWalk;
    for (let page = 0; page < 50; page++) {
      const request = nextRequest(state);
      const reply = { ...list.page(request.offset, request.count), total: visible.length };
      reply.ids.forEach((id) => seen.add(id));
      const step = applyPage(state, request, reply);
      state = step.state;
      if (step.verdict === 'done') break;
    }
    expect(seen.size).toBe(visible.length);
  });

  test.each([
    ['leaves items out of pages', new LiveList(2_000, 'end', 9), PAGE_COUNT],
    ['sends no more than 50', new LiveList(2_000, 'end'), 50],
  ])('is not ended by a count far too low where VK %s', (_, list, most) => {
    const seen = new Set<number>();
    let state: WalkState = startOfWalk;
    for (let page = 0; page < 200; page++) {
      const request = nextRequest(state);
      const ids = list.page(request.offset, request.count).ids.slice(0, most);
      ids.forEach((id) => seen.add(id));
      const step = applyPage(state, request, { ids, length: ids.length, total: 1_600 });
      state = step.state;
      if (step.verdict === 'done') break;
    }
    expect(list.visible().filter((id) => !seen.has(id))).toEqual([]);
  });

  test('believes a count that drifts after two looks behind the end', () => {
    const list = new LiveList(40, 'end');
    let state: WalkState = startOfWalk;
    for (let page = 1; ; page++) {
      const request = nextRequest(state);
      const reply = { ...list.page(request.offset, request.count), total: 43 };
      const step = applyPage(state, request, reply);
      state = step.state;
      if (step.verdict !== 'done') continue;
      expect(page).toBe(3);
      return;
    }
  });

  test('crosses hundreds of hidden items', () => {
    const list = new LiveList(700, 'end');
    list.items.forEach((item, index) => (item.hidden = index >= 150 && index < 480));
    const { seen, verdict } = readWhole(list);
    expect(verdict).toBe('done');
    expect(list.visible().every((id) => seen.has(id))).toBe(true);
  });

  test('looks twice at a page that is empty once', () => {
    const list = new LiveList(300, 'end');
    const seen = new Set<number>();
    let state: WalkState = startOfWalk;
    for (let page = 0; ; page++) {
      const request = nextRequest(state);
      const reply = list.page(request.offset, request.count, page === 0 || page === 2 ? 100 : 0);
      reply.ids.forEach((id) => seen.add(id));
      const step = applyPage(state, request, reply);
      state = step.state;
      if (step.verdict === 'done') break;
    }
    expect(seen.size).toBe(300);
  });

  test('gives up as unproven, in bounded pages, where pages never share anything', () => {
    let state: WalkState = startOfWalk;
    let id = 0;
    for (let page = 0; page < 1_000; page++) {
      const request = nextRequest(state);
      const ids = Array.from({ length: 100 }, () => id++);
      const step = applyPage(state, request, { ids, length: 100, total: 500 });
      state = step.state;
      if (step.verdict === 'unproven') return;
    }
    throw new Error('not given up');
  });

  test('gives up soon where nothing is answered beyond an offset, with all before it read', () => {
    const list = new LiveList(3_000, 'start');
    const seen = new Set<number>();
    let state: WalkState = startOfWalk;
    for (let page = 0; page < 60; page++) {
      const request = nextRequest(state);
      const all = list.page(request.offset, request.count);
      const reply = request.offset > 1_000 ? { ...all, ids: [], length: 0 } : all;
      reply.ids.forEach((id) => seen.add(id));
      const step = applyPage(state, request, reply);
      state = step.state;
      if (step.verdict === 'continue') continue;
      expect(step.verdict).toBe('unproven');
      expect(seen.size).toBeGreaterThanOrEqual(1_000);
      return;
    }
    throw new Error('not given up');
  });

  test('counts what vanished behind it', () => {
    const list = new LiveList(400, 'end');
    const { state } = readWhole(list, (page) => {
      if (page === 0) for (let i = 0; i < 4; i++) list.remove(3);
    });
    expect(state.vanished).toBe(4);
    expect(state.stored).toBe(400);
  });

  test('counts nothing twice where a page is older than the one before it and ends earlier', () => {
    const range = (from: number, to: number): number[] =>
      Array.from({ length: to - from + 1 }, (_, index) => from + index);
    const pages = [
      { offset: 0, ids: range(1, 100) },
      { offset: 60, ids: range(91, 190) },
      // From before: items that are gone by now stood between 150 and 151.
      { offset: 90, ids: [...range(91, 150), ...range(1_001, 1_040)] },
      { offset: 140, ids: range(141, 240) },
    ];
    let state: WalkState = startOfWalk;
    for (const { offset, ids } of pages) {
      const request = { offset, count: 100 };
      state = applyPage(state, request, { ids, length: ids.length, total: 1_000 }).state;
    }
    expect(state.stored).toBe(240 + 40);
  });
});

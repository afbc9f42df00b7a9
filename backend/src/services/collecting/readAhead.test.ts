import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { LiveList } from '../../../tests/support/liveList';
import { VkError, VkWaitError } from '../../vkApi/errors';
import { createReadAhead, type AskPage, type SparePlaces } from './readAhead';
import { applyPage, isPlain, nextRequest, type PageRequest, startOfWalk } from './walkState';

const PLACES = 40;
const PACK = 25;
/** A restart asks for everything once more; far below it, nothing but mistakes can lie. */
const PAGES_MAX = 2_000;

interface Change {
  insert: boolean;
  index: number;
}

const countedPlaces = (max: number) => {
  const used = { now: 0, most: 0 };
  const places: SparePlaces = {
    tryAsk: (ask) => {
      if (used.now >= max) return null;
      used.now += 1;
      used.most = Math.max(used.most, used.now);
      return ask();
    },
    release: () => {
      used.now -= 1;
    },
  };
  return { places, used };
};

/** Answers in packs: what waits, up to 25 at once, of one state of the list. */
const packedReader = (list: LiveList, changes: Change[][], cutEvery = 0) => {
  const asked: PageRequest[] = [];
  let packs = 0;
  let waiting: (() => void)[] = [];
  const send = (): void => {
    const pack = waiting.splice(0, PACK);
    for (const answer of pack) answer();
    for (const { insert, index } of changes[packs] ?? []) {
      if (insert) list.insert();
      else list.remove(index);
    }
    packs += 1;
    if (waiting.length > 0) setImmediate(send);
  };
  const ask: AskPage = (request) =>
    new Promise((resolve) => {
      asked.push(request);
      const cut = cutEvery > 0 && asked.length % cutEvery === 0 ? 30 : 0;
      waiting.push(() => {
        const { ids, total } = list.page(request.offset, request.count, cut);
        resolve({ reply: { items: ids, count: total }, fetchedAt: new Date(0) });
      });
      if (waiting.length === 1) setImmediate(send);
    });
  return { ask, asked, packs: () => packs };
};

const readWhole = async (list: LiveList, changes: Change[][] = [], cutEvery = 0) => {
  const reader = packedReader(list, changes, cutEvery);
  const { places, used } = countedPlaces(PLACES);
  const ahead = createReadAhead(places, new AbortController().signal);
  const seen = new Set<number>();
  let state = startOfWalk;
  for (let page = 1; page <= PAGES_MAX; page++) {
    const need = {
      request: nextRequest(state),
      isPlain: isPlain(state),
      end: state.memory.total ?? null,
    };
    const { request, reply } = await ahead.next(need, reader.ask);
    const ids = reply.items as number[];
    for (const id of ids) seen.add(id);
    const step = applyPage(state, request, { ids, length: ids.length, total: Number(reply.count) });
    state = step.state;
    if (step.verdict === 'continue') continue;
    ahead.drop();
    const { verdict } = step;
    return { seen, state, verdict, pages: page, ...reader, packs: reader.packs(), used };
  }
  throw new Error('the walk does not end');
};

const schedule = fc.array(
  fc.array(fc.record({ insert: fc.boolean(), index: fc.nat(9_000) }), { maxLength: 40 }),
  { maxLength: 12 },
);

describe('a list read ahead', () => {
  test('takes as many pages as one by one, and as few packs as they fit into', async () => {
    for (const size of [0, 1, 100, 101, 190, 191, 280, 1_000, 5_555]) {
      const { asked, pages, packs, seen } = await readWhole(new LiveList(size, 'end'));
      expect(seen.size).toBe(size);
      expect(pages).toBe(size < 100 ? 1 : 1 + Math.ceil((size - 99) / 90));
      expect(asked.length).toBe(pages);
      expect(packs).toBeLessThanOrEqual(2 + Math.ceil((pages - 1) / PACK));
    }
  });

  test('costs no page more where VK leaves items out of each', async () => {
    const list = new LiveList(3_000, 'start', 9);
    const { asked, seen, verdict } = await readWhole(list);
    expect(verdict).toBe('done');
    expect(list.visible().filter((id) => !seen.has(id))).toEqual([]);
    // Two more are looks behind the end: VK counts what it does not show.
    expect(asked.length).toBeLessThanOrEqual(Math.ceil(3_000 / 90) + 2);
  });

  for (const growsAt of ['start', 'end'] as const) {
    test(`keeps what stayed in one that grows at its ${growsAt}, re-reading no more than changed`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 0, max: 6_000 }), schedule, async (size, changes) => {
          const list = new LiveList(size, growsAt);
          const before = list.visible();
          const { seen, state, verdict, asked, used } = await readWhole(list, changes);
          const stayed = new Set(list.visible());
          expect(verdict).toBe('done');
          expect(before.filter((id) => stayed.has(id) && !seen.has(id))).toEqual([]);
          expect(state.stored).toBeLessThanOrEqual(seen.size);
          const changed = changes.flat().length;
          expect(asked.length).toBeLessThanOrEqual(2 + Math.ceil((size + changed) / 90) + changed);
          expect(used.now).toBe(0);
          expect(used.most).toBeLessThanOrEqual(PLACES);
        }),
        { numRuns: 150 },
      );
    });
  }

  test('is read whole although pages come short now and then, at a few pages for each of them', async () => {
    const { seen, asked } = await readWhole(new LiveList(6_000, 'start'), [], 10);
    expect(seen.size).toBe(6_000);
    expect(asked.length).toBeLessThanOrEqual(1.4 * Math.ceil(6_000 / 90));
  });

  test('steps back over a landslide without asking again for what lies behind it', async () => {
    const landslide = Array.from({ length: 150 }, () => ({ insert: false, index: 20 }));
    const { seen, asked } = await readWhole(new LiveList(5_000, 'end'), [[], [], landslide]);
    expect(seen.size).toBeGreaterThanOrEqual(4_850);
    expect(asked.length).toBeLessThanOrEqual(Math.ceil(5_000 / 90) + 10);
  });
});

const PLAIN = { isPlain: true, end: 1_000 };
const FETCHED = { reply: {}, fetchedAt: new Date(0) };
const page = (offset: number): PageRequest => ({ offset, count: 100 });

describe('a page asked for ahead', () => {
  /** @returns offsets in the order in which they were asked for */
  const openAhead = (answer: (request: PageRequest, asked: number) => ReturnType<AskPage>) => {
    const asked: number[] = [];
    const signals: AbortSignal[] = [];
    const { places, used } = countedPlaces(3);
    const control = new AbortController();
    const ahead = createReadAhead(places, control.signal);
    const ask: AskPage = (request, signal) => {
      asked.push(request.offset);
      if (signal) signals.push(signal);
      return answer(request, asked.filter((offset) => offset === request.offset).length);
    };
    return { ahead, ask, asked, signals, used, control };
  };

  test('is not asked for before its list is known to be so long, nor in places that walks need', async () => {
    const { ahead, ask, asked } = openAhead(() => Promise.resolve(FETCHED));
    await ahead.next({ request: page(0), isPlain: true, end: null }, ask);
    expect(asked).toEqual([0]);
    await ahead.next({ request: page(90), isPlain: true, end: 189 }, ask);
    expect(asked).toEqual([0, 90]);
    await ahead.next({ request: page(180), ...PLAIN }, ask);
    expect(asked).toEqual([0, 90, 180, 270, 360, 450]);
    await ahead.next({ request: page(270), ...PLAIN }, ask);
    expect(asked).toEqual([0, 90, 180, 270, 360, 450, 540]);
  });

  test('never answers a second look', async () => {
    const { ahead, ask, asked } = openAhead(() => Promise.resolve(FETCHED));
    await ahead.next({ request: page(0), ...PLAIN }, ask);
    await ahead.next({ request: page(90), ...PLAIN, isPlain: false }, ask);
    expect(asked.filter((offset) => offset === 90)).toHaveLength(2);
  });

  test('that VK refuses is asked for once more in its turn', async () => {
    const fields = { kind: 'vk_error', code: 10, retryable: true, scope: 'request' } as const;
    const refuse = (): ReturnType<AskPage> => Promise.reject(new VkError('refused', fields));
    const { ahead, ask, asked } = openAhead(({ offset }, times) =>
      offset === 90 && times === 1 ? refuse() : Promise.resolve(FETCHED),
    );
    await ahead.next({ request: page(0), ...PLAIN }, ask);
    const next = await ahead.next({ request: page(90), ...PLAIN }, ask);
    expect(next.request.offset).toBe(90);
    expect(asked.filter((offset) => offset === 90)).toHaveLength(2);
  });

  test('for which no token is left ends the walk as it would in its turn', async () => {
    const wait = { waitingFor: 'quota', until: null, kind: 'quota', code: 29 } as const;
    const { ahead, ask } = openAhead(({ offset }) =>
      offset === 90 ? Promise.reject(new VkWaitError('wait', wait)) : Promise.resolve(FETCHED),
    );
    await ahead.next({ request: page(0), ...PLAIN }, ask);
    const next = ahead.next({ request: page(90), ...PLAIN }, ask);
    expect(await next.catch((error: unknown) => error)).toBeInstanceOf(VkWaitError);
  });

  test('is given up with its walk, and its place is free again', async () => {
    const { ahead, ask, signals, used } = openAhead(({ offset }) =>
      offset === 0 ? Promise.resolve(FETCHED) : new Promise(() => {}),
    );
    await ahead.next({ request: page(0), ...PLAIN }, ask);
    expect(used.now).toBe(3);
    ahead.drop();
    expect(used.now).toBe(0);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true, true]);
  });

  test('is given up when the target is', async () => {
    const { ahead, ask, signals, control } = openAhead(() => Promise.resolve(FETCHED));
    await ahead.next({ request: page(0), ...PLAIN }, ask);
    const gone = new Error('The target is in other hands.');
    control.abort(gone);
    expect(signals.map(({ reason }) => reason as Error)).toEqual([gone, gone, gone]);
  });
});

import { describe, expect, test } from 'bun:test';
import { VkError } from '../../vkApi/errors';
import { LostTargetError } from './committer';
import { createCommunityLoader } from './communityLoader';
import type { VkCall } from './vkCall';

const answer =
  (...ids: number[]): VkCall =>
  () =>
    Promise.resolve({ reply: { groups: ids.map((id) => ({ id })) }, fetchedAt: new Date() });

const gone: VkCall = () => Promise.reject(new LostTargetError('The lease is in other hands.'));

describe('targets that ask together', () => {
  test('share one call, each with its own community', async () => {
    const loader = createCommunityLoader();
    const unused: VkCall = () => Promise.reject(new Error('One call is enough.'));
    const loaded = await Promise.all([
      loader.load('1', answer(2, 1)),
      loader.load('2', unused),
      loader.load('3', unused),
    ]);
    expect(loaded.map((community) => community?.id)).toEqual([1, 2, undefined]);
  });

  test('are answered though the one on whose behalf VK is asked is taken away', async () => {
    const loader = createCommunityLoader();
    const [first, second] = await Promise.allSettled([
      loader.load('1', gone),
      loader.load('2', answer(2)),
    ]);
    expect(first).toMatchObject({ status: 'rejected', reason: { name: 'LostTargetError' } });
    expect(second).toMatchObject({ status: 'fulfilled', value: { id: 2 } });
  });
});

/** VK with communities of these ids: one reference that it does not know spoils the whole call. */
const strictVk = (known: ReadonlySet<number>) => {
  const batches: string[][] = [];
  const call = ((_method: string, { group_ids: groupIds }: { group_ids: string }) => {
    const refs = groupIds.split(',');
    batches.push(refs);
    if (refs.every((ref) => known.has(Number(ref)))) {
      const groups = refs.map((ref) => ({ id: Number(ref), name: `Клуб ${ref}` }));
      return Promise.resolve({ reply: { groups, profiles: [] }, fetchedAt: new Date() });
    }
    const fields = { kind: 'not_found', code: 125, retryable: false, scope: 'community' } as const;
    return Promise.reject(new VkError('Invalid group id', fields));
  }) as unknown as VkCall;
  return { call, batches };
};

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

describe('a reference that VK does not know', () => {
  test('spoils the answer of no other, and is found by halving in few calls', async () => {
    const ids = range(64);
    const { call, batches } = strictVk(new Set(ids.filter((id) => id !== 40)));
    const loader = createCommunityLoader();
    const loaded = await Promise.all(ids.map((id) => loader.load(String(id), call)));
    expect(loaded.map((community) => community?.id ?? null)).toEqual(
      ids.map((id) => (id === 40 ? null : id)),
    );
    // Both halves at each of six levels, and the whole.
    expect(batches).toHaveLength(13);
  });

  test('is null for everyone who asked for it', async () => {
    const { call } = strictVk(new Set([1]));
    const loader = createCommunityLoader();
    const loaded = await Promise.all(['9', '1', '9'].map((ref) => loader.load(ref, call)));
    expect(loaded.map((community) => community?.id ?? null)).toEqual([null, 1, null]);
  });
});

describe('a call', () => {
  test('asks for no more than VK takes at once', async () => {
    const ids = range(1_200);
    const { call, batches } = strictVk(new Set(ids));
    const loader = createCommunityLoader();
    const again = [...ids, 1, 2, 3];
    const loaded = await Promise.all(again.map((id) => loader.load(String(id), call)));
    expect(loaded.map((community) => community?.id)).toEqual(again);
    expect(batches.map((refs) => refs.length)).toEqual([500, 500, 203]);
  });

  test("that VK cannot answer now fails all that share it, with VK's own word", async () => {
    const fields = { kind: 'vk_unavailable', code: 10, retryable: true, scope: 'request' } as const;
    const failure = new VkError('Internal server error', fields);
    const call: VkCall = () => Promise.reject(failure);
    const loader = createCommunityLoader();
    const loads = ['1', '2'].map((ref) => loader.load(ref, call));
    const settled = await Promise.allSettled(loads);
    expect(settled.map((load) => load.status === 'rejected' && load.reason === failure)).toEqual([
      true,
      true,
    ]);
  });

  test('may be answered with a bare array, as by older versions of the API', async () => {
    const call = (() =>
      Promise.resolve({ reply: [{ id: 1 }], fetchedAt: new Date() })) as unknown as VkCall;
    expect(await createCommunityLoader().load('1', call)).toMatchObject({ id: 1 });
  });
});

describe('a short name', () => {
  const named =
    (screenName: string): VkCall =>
    () =>
      Promise.resolve({
        reply: { groups: [{ id: 1, screen_name: screenName }] },
        fetchedAt: new Date(),
      });

  test('is found whatever its case', async () => {
    const loader = createCommunityLoader();
    expect(await loader.load('vetrogorod', named('VetroGorod'))).toMatchObject({ id: 1 });
  });

  test('that VK answers with a newer one is still the one that was asked for', async () => {
    const loader = createCommunityLoader();
    expect(await loader.load('oldname', named('newname'))).toMatchObject({ id: 1 });
  });

  test('is not taken for another one that shares the call', async () => {
    const loader = createCommunityLoader();
    const call = named('newname');
    const loaded = await Promise.all(['oldname', 'newname'].map((ref) => loader.load(ref, call)));
    expect(loaded.map((community) => community?.id ?? null)).toEqual([null, 1]);
  });
});

import { describe, expect, test } from 'bun:test';
import { LostTargetError } from './committer';
import { createCommunityLoader } from './communityLoader';
import type { VkCall } from './vkCall';

const answer = (...ids: number[]): VkCall =>
  (() =>
    Promise.resolve({
      reply: { groups: ids.map((id) => ({ id })) },
      fetchedAt: new Date(),
    })) as unknown as VkCall;

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

import type { CommunityInput } from '../../repositories/communityRepository';
import { VkError, VkWaitError } from '../../vkApi/errors';
import { toCommunity } from './normalise';
import { toObjects } from './vkFields';
import type { VkCall } from './vkCall';

/** What groups.getById takes at once; a bad reference among them fails the whole batch. */
const BATCH_MAX = 500;

/** Targets that begin together share one call. */
const GATHER_MS = 25;

const FIELDS = [
  'activity',
  'age_limits',
  'can_see_all_posts',
  'city',
  'description',
  'fixed_post',
  'main_section',
  'members_count',
  'site',
  'status',
  'verified',
  'wall',
].join(',');

interface Waiting {
  ref: string;
  call: VkCall;
  resolve: (community: CommunityInput | null) => void;
  reject: (cause: unknown) => void;
}

export interface CommunityLoader {
  /**
   * @param ref a positive id, or a short name
   * @returns null when VK knows no community by this reference.
   */
  load(ref: string, call: VkCall): Promise<CommunityInput | null>;
}

const isAbout = (community: CommunityInput, ref: string): boolean =>
  /^\d+$/.test(ref)
    ? community.id === Number(ref)
    : community.screenName?.toLowerCase() === ref.toLowerCase();

const fetchCommunities = async (call: VkCall, refs: string[]): Promise<CommunityInput[]> => {
  const { reply, fetchedAt } = await call('groups.getById', {
    group_ids: refs.join(','),
    fields: FIELDS,
  });
  // Version 5.131 answers with the bare array.
  const groups = Array.isArray(reply) ? reply : reply.groups;
  return toObjects(groups).flatMap((item) => toCommunity(item, fetchedAt, true) ?? []);
};

/** VK names the whole batch invalid (100, 125) without saying which reference is. */
const isBadReference = (error: unknown): boolean =>
  error instanceof VkError && (error.kind === 'not_found' || error.code === 100);

const isWordOfVk = (error: unknown): boolean =>
  error instanceof VkError || error instanceof VkWaitError;

const loadBatch = async (batch: Waiting[]): Promise<void> => {
  const [first] = batch;
  if (!first) return;
  try {
    const refs = [...new Set(batch.map(({ ref }) => ref))];
    const communities = await fetchCommunities(first.call, refs);
    for (const { ref, resolve } of batch) {
      const found = communities.find((community) => isAbout(community, ref));
      // A short name may be answered with a newer one; alone in its batch it is still the one.
      const isAlone = refs.length === 1 && !/^\d+$/.test(ref);
      resolve(found ?? (isAlone ? (communities[0] ?? null) : null));
    }
  } catch (error) {
    if (!isWordOfVk(error)) {
      // The target on whose behalf VK was asked is taken away; the others still want to know.
      first.reject(error);
      await loadBatch(batch.slice(1));
    } else if (!isBadReference(error)) {
      for (const { reject } of batch) reject(error);
    } else if (batch.length === 1) {
      first.resolve(null);
    } else {
      const half = Math.ceil(batch.length / 2);
      await Promise.all([loadBatch(batch.slice(0, half)), loadBatch(batch.slice(half))]);
    }
  }
};

/** One per process: gathers what its targets ask for into few calls of groups.getById. */
export const createCommunityLoader = (): CommunityLoader => {
  let waiting: Waiting[] = [];
  const loadAll = (): void => {
    const all = waiting;
    waiting = [];
    for (let at = 0; at < all.length; at += BATCH_MAX) {
      void loadBatch(all.slice(at, at + BATCH_MAX));
    }
  };
  return {
    load: (ref, call) =>
      new Promise((resolve, reject) => {
        if (waiting.length === 0) setTimeout(loadAll, GATHER_MS);
        waiting.push({ ref, call, resolve, reject });
      }),
  };
};

import type { CommunityInput } from '../../repositories/communityRepository';
import type { TargetReason } from '../../repositories/claimRepository';
import { parseReference } from '../../vkApi/references';
import type { CommunityLoader } from './communityLoader';
import { isObject, toInteger, toTextOrNull } from './vkFields';
import type { VkCall } from './vkCall';

export type Resolution =
  { community: CommunityInput; failure: null } | { community: null; failure: TargetReason };

const failed = (kind: TargetReason['kind'], code: number | null = null): Resolution => ({
  community: null,
  failure: { kind, code },
});

const judge = (community: CommunityInput): Resolution => {
  if (community.deactivated === 'banned') return failed('community_banned');
  if (community.deactivated === 'deleted') return failed('community_deleted');
  return { community, failure: null };
};

/** Asks VK what a short name stands for: an empty array says that nobody has it. */
const resolveName = async (
  screenName: string,
  call: VkCall,
  loader: CommunityLoader,
): Promise<Resolution> => {
  const { reply } = await call('utils.resolveScreenName', { screen_name: screenName });
  if (!isObject(reply)) return failed('not_found');
  const type = toTextOrNull(reply.type);
  if (type === 'user') return failed('a_person');
  if (type !== 'group' && type !== 'page' && type !== 'event') return failed('not_a_community');
  const id = toInteger(reply.group_id) ?? toInteger(reply.object_id);
  const community = id === null ? null : await loader.load(String(Math.abs(id)), call);
  return community ? judge(community) : failed('not_found');
};

/**
 * Finds the community behind a pasted reference, or says why there is none. What a closed wall
 * means is left to the wall itself: a member's token may read it.
 * @throws VkError, VkWaitError
 */
export const resolveTarget = async (
  ref: string,
  call: VkCall,
  loader: CommunityLoader,
): Promise<Resolution> => {
  const reference = parseReference(ref);
  switch (reference.type) {
    case 'rejected':
      return failed(reference.kind);
    case 'name': {
      const community = await loader.load(reference.screenName, call);
      return community ? judge(community) : resolveName(reference.screenName, call, loader);
    }
    case 'community':
    case 'post': {
      const id = reference.type === 'community' ? reference.id : -reference.ownerId;
      const community = await loader.load(String(id), call);
      return community ? judge(community) : failed('not_found');
    }
  }
};

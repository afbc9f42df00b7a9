import { VkFailure } from '../vk/errors';
import type { Community, CommunityState, Post } from '../world/model';
import type { CallContext } from './method';

const DENIALS: Record<Exclude<CommunityState, 'open' | 'vanished'>, string> = {
  closed: 'this wall available only for community members',
  banned: 'group is blocked',
  deleted: 'group is deleted',
  disabled: 'wall is disabled',
};

const refusePerson = ({ world }: CallContext, ownerId: number): never => {
  const user = world.users.get(ownerId);
  throw new VkFailure(user && user.deactivated === null ? 30 : 18);
};

/** The code and text with which VK refuses the wall of this community, or null. */
export const wallDenial = (
  { state, id }: Community,
  memberOf: readonly number[] = [],
): VkFailure | null => {
  if (state === 'open' || (state === 'closed' && memberOf.includes(id))) return null;
  return state === 'vanished' ? new VkFailure(104) : new VkFailure(15, DENIALS[state]);
};

/** @throws VkFailure 15, 18, 30 or 104 when this token cannot read the wall. */
export const getReadableCommunity = (context: CallContext, ownerId: number): Community => {
  if (ownerId > 0) refusePerson(context, ownerId);
  const community = context.world.communities.get(-ownerId);
  if (!community) throw new VkFailure(104);
  const denial = wallDenial(community, context.token.memberOf);
  if (denial) throw denial;
  return community;
};

/** @throws VkFailure 15 when the wall shows no such post. */
export const getShownPost = ({ wall }: Community, postId: number): Post => {
  const post = wall.postById.get(postId);
  if (!post || post.isHidden) {
    throw new VkFailure(15, 'post was not found check post_id param');
  }
  return post;
};

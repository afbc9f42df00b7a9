import type { GroupsGetByIdResponse } from '@vkontakte/api-schema-typescript';
import { renderCommunity } from '../render/people';
import { VkFailure } from '../vk/errors';
import type { Community } from '../world/model';
import { EVERY_KIND, type CallContext, type Method } from './method';

const GROUPS_MAX = 500;

/** null = dropped without a word. */
const findCommunity = ({ world, switches }: CallContext, reference: string): Community | null => {
  const known = world.screenNames.get(reference.toLowerCase());
  const [, digits] = /^(?:club|public|event)?(\d+)$/i.exec(reference) ?? [];
  if (known?.type !== 'group' && digits === undefined) {
    throw new VkFailure(100, 'group_ids is invalid');
  }
  const community = world.communities.get(known?.type === 'group' ? known.id : Number(digits));
  if (community && community.state !== 'vanished') return community;
  if (switches.unknownGroup === '100') throw new VkFailure(100, 'group_ids is invalid');
  return null;
};

export const groupsGetById: Method = {
  kinds: EVERY_KIND,
  run: (context, params): GroupsGetByIdResponse => {
    const references = [...params.list('group_ids'), ...params.list('group_id')];
    if (references.length === 0) throw new VkFailure(100, 'group_ids is undefined');
    if (references.length > GROUPS_MAX) throw new VkFailure(100, 'group_ids has too many items');
    const found = references
      .map((reference) => findCommunity(context, reference))
      .filter((community) => community !== null);
    const fields = params.list('fields');
    return {
      groups: [...new Set(found)].map((community) =>
        renderCommunity(community, fields, context.style),
      ),
      profiles: [],
    };
  },
};

import type { GroupsGetByIdResponse, GroupsGroupFull } from '@vkontakte/api-schema-typescript';
import { renderCommunity, renderUnknownCommunity } from '../render/community';
import type { CallParams } from '../vk/callParams';
import { VkFailure } from '../vk/errors';
import { EVERY_KIND, type CallContext, type Method } from './method';

const GROUPS_MAX = 500;

/** The number that a reference stands for; a name that nobody has fails the whole call. */
const resolveGroup = ({ world }: CallContext, reference: string): number => {
  const known = world.screenNames.get(reference.toLowerCase());
  if (known?.type === 'group') return known.id;
  const [, digits] = /^(?:club|public|event)?(\d+)$/i.exec(reference) ?? [];
  if (digits === undefined) throw new VkFailure(100, 'group_ids is invalid');
  return Number(digits);
};

const renderGroup = (
  { world, switches, style }: CallContext,
  id: number,
  fields: readonly string[],
): GroupsGroupFull | null => {
  const community = world.communities.get(id);
  if (community && community.state !== 'vanished') return renderCommunity(community, fields, style);
  if (switches.unknownGroup === '100') throw new VkFailure(100, 'group_ids is invalid');
  return switches.unknownGroup === 'deactivated' ? renderUnknownCommunity(id, style) : null;
};

const readReferences = (params: CallParams): string[] => {
  const references = [...params.list('group_ids'), ...params.list('group_id')];
  if (references.length === 0) throw new VkFailure(100, 'group_ids is undefined');
  if (references.length > GROUPS_MAX) throw new VkFailure(100, 'group_ids has too many items');
  return references;
};

export const groupsGetById: Method = {
  kinds: EVERY_KIND,
  run: (context, params): GroupsGetByIdResponse | GroupsGroupFull[] => {
    const fields = params.list('fields');
    const ids = readReferences(params).map((reference) => resolveGroup(context, reference));
    const groups = [...new Set(ids)]
      .map((id) => renderGroup(context, id, fields))
      .filter((group) => group !== null);
    return context.hasBareLists ? groups : { groups, profiles: [] };
  },
};

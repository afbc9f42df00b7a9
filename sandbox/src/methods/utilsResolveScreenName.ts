import type { UtilsResolveScreenNameResponse } from '@vkontakte/api-schema-typescript';
import { floatInt } from '../render/floatInt';
import { VkFailure } from '../vk/errors';
import type { World } from '../world/model';
import { EVERY_KIND, type Method } from './method';

const resolve = (world: World, name: string): UtilsResolveScreenNameResponse | null => {
  const known = world.screenNames.get(name);
  if (known) {
    const type = known.type === 'group' ? world.communities.get(known.id)?.type : known.type;
    return { type: type ?? 'group', object_id: floatInt(known.id) };
  }
  const [, prefix, digits] = /^(id|club|public|event)(\d+)$/.exec(name) ?? [];
  if (prefix === undefined) return null;
  const id = Number(digits);
  const isKnown = prefix === 'id' ? world.users.has(id) : world.communities.has(id);
  return isKnown ? { type: prefix === 'id' ? 'user' : 'group', object_id: floatInt(id) } : null;
};

export const utilsResolveScreenName: Method = {
  kinds: EVERY_KIND,
  run: ({ world, switches }, params): UtilsResolveScreenNameResponse | [] => {
    const found = resolve(world, params.requireText('screen_name').toLowerCase());
    if (found) return found;
    if (switches.unknownName === '104') throw new VkFailure(104);
    // An empty list stands for an empty object.
    return [];
  },
};

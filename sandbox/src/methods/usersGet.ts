import type { UsersGetResponse } from '@vkontakte/api-schema-typescript';
import { renderUser } from '../render/people';
import { VkFailure } from '../vk/errors';
import type { User, World } from '../world/model';
import { EVERY_KIND, type Method } from './method';

const USERS_MAX = 1_000;

const findUser = ({ users, screenNames }: World, reference: string): User | undefined => {
  const [, digits] = /^(?:id)?(\d+)$/i.exec(reference) ?? [];
  if (digits !== undefined) return users.get(Number(digits));
  const known = screenNames.get(reference.toLowerCase());
  return known?.type === 'user' ? users.get(known.id) : undefined;
};

export const usersGet: Method = {
  kinds: EVERY_KIND,
  run: ({ world, token, style }, params): UsersGetResponse => {
    const references = params.list('user_ids');
    // Without ids VK shows the owner of the token; a service key has none.
    if (references.length === 0 && token.kind === 'user') {
      references.push(String([...world.users.keys()][0] ?? ''));
    }
    if (references.length === 0) throw new VkFailure(100, 'user_ids is undefined');
    if (references.length > USERS_MAX) throw new VkFailure(100, 'user_ids has too many items');
    const fields = params.list('fields');
    return references
      .map((reference) => findUser(world, reference))
      .filter((user) => user !== undefined)
      .map((user) => renderUser(user, fields, style));
  },
};

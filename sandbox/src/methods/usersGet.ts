import type { UsersGetResponse } from '@vkontakte/api-schema-typescript';
import { NAME_CASES, type NameCase } from '../render/nameCase';
import { renderUser } from '../render/user';
import type { CallParams } from '../vk/callParams';
import { VkFailure } from '../vk/errors';
import type { User, World } from '../world/model';
import { EVERY_KIND, type CallContext, type Method } from './method';

const USERS_MAX = 1_000;

const findUser = ({ users, screenNames }: World, reference: string): User | undefined => {
  const [, digits] = /^(?:id)?(\d+)$/i.exec(reference) ?? [];
  if (digits !== undefined) return users.get(Number(digits));
  const known = screenNames.get(reference.toLowerCase());
  return known?.type === 'user' ? users.get(known.id) : undefined;
};

const readReferences = ({ world, token }: CallContext, params: CallParams): string[] => {
  const references = params.list('user_ids');
  // Without ids VK shows the owner of the token; a service key has none.
  if (references.length === 0 && token.kind === 'user') {
    references.push(String([...world.users.keys()][0] ?? ''));
  }
  if (references.length === 0) throw new VkFailure(100, 'user_ids is undefined');
  if (references.length > USERS_MAX) throw new VkFailure(100, 'user_ids has too many items');
  return references;
};

const readNameCase = (params: CallParams): NameCase => {
  const asked = params.text('name_case') || 'nom';
  const known = NAME_CASES.find((nameCase) => nameCase === asked);
  if (!known) throw new VkFailure(100, 'name_case is incorrect');
  return known;
};

export const usersGet: Method = {
  kinds: EVERY_KIND,
  run: (context, params): UsersGetResponse => {
    const nameCase = readNameCase(params);
    // Who asks on behalf of which community makes no difference to what is public.
    params.int('from_group_id', 0);
    const fields = params.list('fields');
    const users = readReferences(context, params)
      .map((reference) => findUser(context.world, reference))
      .filter((user) => user !== undefined);
    if (users.length === 0 && context.switches.unknownUsers === '113') throw new VkFailure(113);
    return users.map((user) => renderUser(user, fields, context.style, nameCase));
  },
};

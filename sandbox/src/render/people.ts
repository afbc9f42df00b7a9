import type { GroupsGroupFull, UsersUserFull } from '@vkontakte/api-schema-typescript';
import type { World } from '../world/model';
import { renderCommunity } from './community';
import type { ReplyStyle } from './reply';
import { renderUser } from './user';

export interface PeopleLists {
  profiles: UsersUserFull[];
  groups: GroupsGroupFull[];
}

/**
 * `profiles` and `groups` of an extended reply: everybody whom the page names, and a bystander or
 * two whom it does not.
 */
export const renderPeople = (
  world: World,
  ids: ReadonlySet<number>,
  fields: readonly string[],
  style: ReplyStyle,
): PeopleLists => {
  const lists: PeopleLists = { profiles: [], groups: [] };
  for (const id of ids) {
    if (id > 0) {
      const user = world.users.get(id);
      if (user && !user.leftOutOfProfiles) lists.profiles.push(renderUser(user, fields, style));
    } else {
      const community = world.communities.get(-id);
      if (community) lists.groups.push(renderCommunity(community, fields, style));
    }
  }
  return lists;
};

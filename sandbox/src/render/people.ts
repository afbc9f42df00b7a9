import type { GroupsGroupFull, UsersUserFull } from '@vkontakte/api-schema-typescript';
import { communityScreenName, userScreenName } from '../world/model';
import type { Community, User, World } from '../world/model';
import { bool, flag, type ReplyStyle } from './reply';

const avatar = (of: string, pixels: number, stamp: string): string =>
  `https://sun9-7.userapi.com/s/v1/${of}.jpg?size=${pixels}x0&ava=1&sign=${stamp}`;

/** Extra fields of a person, by the name that `fields` asks for. */
const USER_FIELDS: Record<string, (user: User, style: ReplyStyle) => Partial<UsersUserFull>> = {
  screen_name: (user) => {
    const name = userScreenName(user);
    return name === null ? {} : { screen_name: name };
  },
  domain: (user) => ({ domain: userScreenName(user) ?? `id${user.id}` }),
  sex: ({ sex }) => ({ sex }),
  photo_50: ({ id }, { stamp }) => ({ photo_50: avatar(`u${id}`, 50, stamp) }),
  photo_100: ({ id }, { stamp }) => ({ photo_100: avatar(`u${id}`, 100, stamp) }),
  online: (_user, style) => ({ online: flag(style, false) }),
  // VK sends an empty list where an object has nothing in it.
  counters: () => ({ counters: [] as NonNullable<UsersUserFull['counters']> }),
};

export const renderUser = (
  user: User,
  fields: readonly string[],
  style: ReplyStyle,
): UsersUserFull => {
  const name = style.isLatin ? user.latin : user;
  const rendered: UsersUserFull = {
    id: user.id,
    first_name: name.firstName,
    last_name: name.lastName,
  };
  if (user.deactivated === null) {
    rendered.can_access_closed = bool(style, !user.isClosed);
    rendered.is_closed = bool(style, user.isClosed);
  } else {
    rendered.deactivated = user.deactivated;
  }
  for (const field of fields) Object.assign(rendered, USER_FIELDS[field]?.(user, style));
  return rendered;
};

const WALL_OPEN = 1;

const GROUP_FIELDS: Record<string, (community: Community) => Partial<GroupsGroupFull>> = {
  members_count: ({ members }) => ({ members_count: members }),
  description: ({ description }) => ({ description }),
  status: () => ({ status: '' }),
  site: () => ({ site: '' }),
  activity: () => ({ activity: 'Открытая группа' }),
  verified: () => ({ verified: 0 }),
  wall: ({ state }) => ({ wall: state === 'disabled' ? 0 : WALL_OPEN }),
  fixed_post: ({ wall }) => (wall.pinnedId === null ? {} : { fixed_post: wall.pinnedId }),
  can_see_all_posts: () => ({ can_see_all_posts: 1 }),
  age_limits: () => ({ age_limits: 1 }),
  counters: () => ({ counters: [] as NonNullable<GroupsGroupFull['counters']> }),
};

const isDeactivated = (state: Community['state']): state is 'banned' | 'deleted' =>
  state === 'banned' || state === 'deleted';

export const renderCommunity = (
  community: Community,
  fields: readonly string[],
  style: ReplyStyle,
): GroupsGroupFull => {
  const rendered: GroupsGroupFull = {
    id: community.id,
    name: community.name,
    screen_name: communityScreenName(community),
    is_closed: community.state === 'closed' ? 1 : 0,
    type: community.type,
    is_admin: flag(style, false),
    is_member: flag(style, false),
    is_advertiser: flag(style, false),
    photo_50: avatar(`g${community.id}`, 50, style.stamp),
    photo_100: avatar(`g${community.id}`, 100, style.stamp),
    photo_200: avatar(`g${community.id}`, 200, style.stamp),
  };
  if (isDeactivated(community.state)) rendered.deactivated = community.state;
  for (const field of fields) Object.assign(rendered, GROUP_FIELDS[field]?.(community));
  return rendered;
};

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

import type { GroupsGroupFull } from '@vkontakte/api-schema-typescript';
import { communityScreenName, type Community } from '../world/model';
import { avatar } from './avatar';
import { flag, type ReplyStyle } from './reply';

const WALL_OPEN = 1;

/** Extra fields of a community, by the name that `fields` asks for. */
const GROUP_FIELDS: Record<
  string,
  (community: Community, style: ReplyStyle) => Partial<GroupsGroupFull>
> = {
  members_count: ({ members }) => ({ members_count: members }),
  description: ({ description }) => ({ description }),
  status: () => ({ status: '' }),
  site: () => ({ site: '' }),
  activity: (_community, { isLatin }) => ({ activity: isLatin ? 'Open group' : 'Открытая группа' }),
  verified: (_community, style) => ({ verified: flag(style, false) }),
  trending: (_community, style) => ({ trending: flag(style, false) }),
  has_photo: (_community, style) => ({ has_photo: flag(style, true) }),
  wall: ({ state }) => ({ wall: state === 'disabled' ? 0 : WALL_OPEN }),
  fixed_post: ({ wall }) => (wall.pinnedId === null ? {} : { fixed_post: wall.pinnedId }),
  can_see_all_posts: (_community, style) => ({ can_see_all_posts: flag(style, true) }),
  can_post: (_community, style) => ({ can_post: flag(style, false) }),
  age_limits: () => ({ age_limits: 1 }),
  counters: () => ({ counters: [] as NonNullable<GroupsGroupFull['counters']> }),
};

const isDeactivated = (state: Community['state']): state is 'banned' | 'deleted' =>
  state === 'banned' || state === 'deleted';

const avatars = (id: number, stamp: string) => ({
  photo_50: avatar(`g${id}`, 50, stamp),
  photo_100: avatar(`g${id}`, 100, stamp),
  photo_200: avatar(`g${id}`, 200, stamp),
});

export const renderCommunity = (
  community: Community,
  fields: readonly string[],
  style: ReplyStyle,
): GroupsGroupFull => {
  const rendered: GroupsGroupFull = {
    id: community.id,
    name: style.isLatin ? community.latinName : community.name,
    screen_name: communityScreenName(community),
    is_closed: community.state === 'closed' ? 1 : 0,
    type: community.type,
    is_admin: flag(style, false),
    is_member: flag(style, false),
    is_advertiser: flag(style, false),
    ...avatars(community.id, style.stamp),
  };
  if (isDeactivated(community.state)) rendered.deactivated = community.state;
  for (const field of fields) Object.assign(rendered, GROUP_FIELDS[field]?.(community, style));
  return rendered;
};

/** A number that no community has, shown as one that was deleted. */
export const renderUnknownCommunity = (id: number, style: ReplyStyle): GroupsGroupFull => ({
  id,
  name: 'DELETED',
  screen_name: `club${id}`,
  is_closed: 1,
  type: 'group',
  deactivated: 'deleted',
  ...avatars(id, style.stamp),
});

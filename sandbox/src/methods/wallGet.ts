import type { WallGetExtendedResponse } from '@vkontakte/api-schema-typescript';
import { renderPeople } from '../render/people';
import { renderPost } from '../render/post';
import type { CallParams } from '../vk/callParams';
import { VkFailure } from '../vk/errors';
import type { Post, Wall, WallView } from '../world/model';
import { WALL_READERS, type CallContext, type Method } from './method';
import { getReadableCommunity } from './readableWall';

/** People of a wall page come with more fields than the base ones, asked for or not. */
export const WALL_PEOPLE_FIELDS = ['screen_name', 'sex', 'photo_50', 'photo_100', 'online'];

export interface WallReply extends WallGetExtendedResponse {
  next_from?: string;
}

const FILTERS: Record<string, (post: Post) => boolean> = {
  all: () => true,
  owner: (post) => post.fromId === post.ownerId,
  others: (post) => post.fromId !== post.ownerId,
  // Only those who run the community see these.
  postponed: () => false,
  suggests: () => false,
  archived: () => false,
};

const buildView = (wall: Wall, filter: string, pinnedRepeated: boolean): WallView => {
  const accepts = FILTERS[filter];
  if (!accepts) throw new VkFailure(100, 'filter is incorrect');
  const listed = wall.posts.filter((post) => accepts(post));
  const pinned = listed.find(({ id }) => id === wall.pinnedId);
  if (!pinned) return { list: listed, count: listed.length };
  const rest = pinnedRepeated ? listed : listed.filter((post) => post !== pinned);
  return { list: [pinned, ...rest], count: listed.length };
};

/** The wall as wall.get counts it: the pinned post first, then by date. */
const viewWall = (wall: Wall, filter: string, pinnedRepeated: boolean): WallView => {
  const key = `${filter} ${pinnedRepeated}`;
  const known = wall.views.get(key);
  if (known) return known;
  const view = buildView(wall, filter, pinnedRepeated);
  wall.views.set(key, view);
  return view;
};

/** Everybody whom a post names. */
export const namedByPost = (post: Post): number[] => [
  post.ownerId,
  post.fromId,
  ...(post.signerId === null ? [] : [post.signerId]),
  ...post.copyHistory.flatMap(({ ownerId, fromId }) => [ownerId, fromId]),
];

const resolveOwner = ({ world }: CallContext, params: CallParams): number => {
  const domain = params.text('domain').toLowerCase();
  if (domain === '' || params.text('owner_id') !== '') return params.requireInt('owner_id');
  const known = world.screenNames.get(domain);
  if (!known || known.type === 'vk_app') throw new VkFailure(100, 'domain is incorrect');
  return known.type === 'group' ? -known.id : known.id;
};

export const wallGet: Method = {
  kinds: WALL_READERS,
  run: (context, params): WallReply => {
    const { wall } = getReadableCommunity(context, resolveOwner(context, params));
    const offset = params.int('offset', 0, { min: 0 });
    const count = params.int('count', context.switches.defaultWallCount, { min: 0, max: 100 });
    const filter = params.text('filter') || 'all';
    if (filter === 'donut') throw new VkFailure(15, 'no donut subscription');
    const { list, count: total } = viewWall(wall, filter, context.switches.pinnedRepeated);
    const page = list.slice(offset, offset + count).filter((post) => !post.isHidden);
    const reply: WallReply = {
      count: total,
      items: page.map((post) => ({ ...renderPost(post, wall, context.style) })),
    };
    if (params.flag('extended')) {
      const people = new Set(page.flatMap(namedByPost));
      const fields = [...WALL_PEOPLE_FIELDS, ...params.list('fields')];
      Object.assign(reply, renderPeople(context.world, people, fields, context.style));
    }
    if (offset + count < list.length && count > 0) reply.next_from = String(offset + count);
    return reply;
  },
};

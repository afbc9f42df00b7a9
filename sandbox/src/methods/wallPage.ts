import type { WallGetExtendedResponse } from '@vkontakte/api-schema-typescript';
import { renderPeople, type PeopleLists } from '../render/people';
import { renderPost } from '../render/post';
import type { CallParams } from '../vk/callParams';
import { VkFailure } from '../vk/errors';
import type { Post, Wall, WallView } from '../world/model';
import type { CallContext } from './method';

/** People of a wall page come with more fields than the base ones, asked for or not. */
const WALL_PEOPLE_FIELDS = ['screen_name', 'sex', 'photo_50', 'photo_100', 'online'];

export interface WallReply extends WallGetExtendedResponse {
  next_from?: string;
}

/** Everybody whom a post names. */
const namedByPost = (post: Post): number[] => [
  post.ownerId,
  post.fromId,
  ...(post.signerId === null ? [] : [post.signerId]),
  ...post.copyHistory.flatMap(({ ownerId, fromId }) => [ownerId, fromId]),
];

/** `profiles` and `groups` of an extended reply with posts. */
export const renderPostPeople = (
  { world, style }: CallContext,
  posts: readonly Post[],
  params: CallParams,
): PeopleLists => {
  const fields = [...WALL_PEOPLE_FIELDS, ...params.list('fields')];
  return renderPeople(world, new Set(posts.flatMap(namedByPost)), fields, style);
};

/** The owner by `owner_id`, or by `domain`, which takes short names and numbers. */
export const resolveOwner = ({ world }: CallContext, params: CallParams): number => {
  const domain = params.text('domain').toLowerCase();
  if (domain === '' || params.text('owner_id') !== '') return params.requireInt('owner_id');
  if (/^-?\d+$/.test(domain)) return params.requireInt('domain');
  const known = world.screenNames.get(domain);
  if (known?.type === 'group') return -known.id;
  if (known?.type === 'user') return known.id;
  const [, prefix, digits] = /^(id|club|public|event)(\d+)$/.exec(domain) ?? [];
  if (prefix === undefined) throw new VkFailure(100, 'domain is incorrect');
  return prefix === 'id' ? Number(digits) : -Number(digits);
};

/** One page of a list of posts, as wall.get and wall.search answer with it. */
export const renderWallPage = (
  context: CallContext,
  params: CallParams,
  { wall, view, defaultCount }: { wall: Wall; view: WallView; defaultCount: number },
): WallReply => {
  const offset = params.int('offset', 0, { min: 0 });
  const count = params.int('count', defaultCount, { min: 0, max: 100 });
  const page = view.list
    .slice(offset, offset + count)
    .filter((post) => post !== null)
    .filter(({ isHidden }) => !isHidden);
  const reply: WallReply = {
    count: view.count,
    items: page.map((post) => ({ ...renderPost(post, wall, context.style) })),
  };
  if (params.flag('extended')) Object.assign(reply, renderPostPeople(context, page, params));
  if (offset + count < view.list.length && count > 0) reply.next_from = String(offset + count);
  return reply;
};

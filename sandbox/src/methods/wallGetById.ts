import type { WallGetByIdExtendedResponse } from '@vkontakte/api-schema-typescript';
import { renderPeople } from '../render/people';
import { renderPost } from '../render/post';
import { VkFailure } from '../vk/errors';
import type { Community, Post } from '../world/model';
import { WALL_READERS, type CallContext, type Method } from './method';
import { wallDenial } from './readableWall';
import { namedByPost, WALL_PEOPLE_FIELDS } from './wallGet';

const POSTS_MAX = 100;

/** Deleted, hidden and denied posts are left out without a word. */
const findPost = (
  { world, token }: CallContext,
  reference: string,
): { community: Community; post: Post } | null => {
  const [, owner, id] = /^(-?\d+)_(\d+)(?:_\w+)?$/.exec(reference) ?? [];
  if (owner === undefined || id === undefined) throw new VkFailure(100, 'posts is incorrect');
  const community = world.communities.get(-Number(owner));
  if (!community || wallDenial(community, token.memberOf)) return null;
  const post = community.wall.postById.get(Number(id));
  return post && !post.isHidden ? { community, post } : null;
};

export const wallGetById: Method = {
  kinds: WALL_READERS,
  run: (context, params): WallGetByIdExtendedResponse => {
    params.requireText('posts');
    const references = params.list('posts');
    if (references.length > POSTS_MAX) throw new VkFailure(100, 'posts has too many items');
    const depth = params.int('copy_history_depth', 2, { min: 0 });
    const found = references
      .map((reference) => findPost(context, reference))
      .filter((entry) => entry !== null);
    const items = found.map(({ community, post }) => ({
      ...renderPost(post, community.wall, context.style, depth),
    }));
    if (!params.flag('extended')) return { items };
    const people = new Set(found.flatMap(({ post }) => namedByPost(post)));
    const fields = [...WALL_PEOPLE_FIELDS, ...params.list('fields')];
    return { items, ...renderPeople(context.world, people, fields, context.style) };
  },
};

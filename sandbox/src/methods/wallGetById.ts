import type {
  WallGetByIdExtendedResponse,
  WallWallpostFull,
} from '@vkontakte/api-schema-typescript';
import { renderDeletedPost, renderPost } from '../render/post';
import { VkFailure } from '../vk/errors';
import type { Community, Post } from '../world/model';
import { WALL_READERS, type CallContext, type Method } from './method';
import { wallDenial } from './readableWall';
import { renderPostPeople } from './wallPage';

const POSTS_MAX = 100;

interface Found {
  community: Community;
  post: Post;
  isDeleted: boolean;
}

/** Hidden and denied posts are left out without a word, deleted ones unless a switch shows them. */
const findPost = ({ world, token, switches }: CallContext, reference: string): Found | null => {
  const [, owner, id] = /^(-?\d+)_(\d+)(?:_\w+)?$/.exec(reference) ?? [];
  if (owner === undefined || id === undefined) throw new VkFailure(100, 'posts is incorrect');
  const community = world.communities.get(-Number(owner));
  if (!community || wallDenial(community, token.memberOf)) return null;
  const { postById, gonePosts } = community.wall;
  const post = postById.get(Number(id));
  if (post) return post.isHidden ? null : { community, post, isDeleted: false };
  const gone = gonePosts.get(Number(id));
  const isShown = switches.deletedPost === 'stub' && gone?.why === 'deleted';
  return isShown ? { community, post: gone.post, isDeleted: true } : null;
};

export const wallGetById: Method = {
  kinds: WALL_READERS,
  run: (context, params): WallGetByIdExtendedResponse | WallWallpostFull[] => {
    params.requireText('posts');
    const references = params.list('posts');
    if (references.length > POSTS_MAX) throw new VkFailure(100, 'posts has too many items');
    const depth = params.int('copy_history_depth', 2, { min: 0 });
    const found = references
      .map((reference) => findPost(context, reference))
      .filter((entry) => entry !== null);
    const items = found.map(({ community, post, isDeleted }) =>
      isDeleted
        ? renderDeletedPost(post, context.style)
        : { ...renderPost(post, community.wall, context.style, depth) },
    );
    if (!params.flag('extended')) return context.hasBareLists ? items : { items };
    const posts = found.map(({ post }) => post);
    return { items, ...renderPostPeople(context, posts, params) };
  },
};

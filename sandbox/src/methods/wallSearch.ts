import type { Post } from '../world/model';
import { viewWall } from '../world/wallView';
import { WALL_READERS, type Method } from './method';
import { getReadableCommunity } from './readableWall';
import { renderWallPage, resolveOwner, type WallReply } from './wallPage';

const DEFAULT_COUNT = 20;

/** Letters and digits alone, «ё» like «е»: what a person searches by. */
const wordsOf = (text: string): string[] =>
  text
    .toLowerCase()
    .replaceAll('ё', 'е')
    .match(/[\p{L}\p{N}]+/gu) ?? [];

/** Every word of the query begins some word of the post, reposts included. */
const createMatcher = (query: string): ((post: Post) => boolean) => {
  const wanted = wordsOf(query);
  return ({ text, copyHistory }) => {
    const words = wordsOf([text, ...copyHistory.map((repost) => repost.text)].join(' '));
    return wanted.every((prefix) => words.some((word) => word.startsWith(prefix)));
  };
};

/** Newest first; the pinned post has no place of its own here. */
export const wallSearch: Method = {
  kinds: WALL_READERS,
  run: (context, params): WallReply => {
    const { wall } = getReadableCommunity(context, resolveOwner(context, params));
    const isMatch = createMatcher(params.text('query'));
    const filter = params.flag('owners_only') ? 'owner' : 'all';
    const listed = viewWall(wall, filter, { pinnedRepeated: false, shortPages: 'never' });
    const list = (listed?.list ?? [])
      .filter((post) => post !== null)
      .filter((post) => isMatch(post))
      .toSorted((one, other) => other.date - one.date || other.id - one.id);
    const view = { list, count: list.length };
    return renderWallPage(context, params, { wall, view, defaultCount: DEFAULT_COUNT });
  },
};

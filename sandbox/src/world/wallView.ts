import type { Switches } from '../vk/switches';
import type { Post, Wall, WallView } from './model';

type ViewSwitches = Pick<Switches, 'pinnedRepeated' | 'shortPages'>;

/** What wall.get lists by its `filter`. */
export const WALL_FILTERS: Record<string, (post: Post) => boolean> = {
  all: () => true,
  owner: (post) => post.fromId === post.ownerId,
  others: (post) => post.fromId !== post.ownerId,
  // Only those who run the community see these.
  postponed: () => false,
  suggests: () => false,
  archived: () => false,
};

const FILLED_PLACES = 6;

/** Puts a place that holds nothing behind every sixth post. */
const spread = (list: readonly Post[]): (Post | null)[] =>
  list.flatMap((post, index) => {
    const hasGap = index % FILLED_PLACES === FILLED_PLACES - 1 && index < list.length - 1;
    return hasGap ? [post, null] : [post];
  });

const buildView = (
  { posts, pinnedId }: Wall,
  accepts: (post: Post) => boolean,
  { pinnedRepeated, shortPages }: ViewSwitches,
): WallView => {
  const listed = posts.filter(
    (post) => accepts(post) && !(shortPages === 'never' && post.isHidden),
  );
  const pinned = listed.find(({ id }) => id === pinnedId);
  const rest = pinnedRepeated ? listed : listed.filter((post) => post !== pinned);
  const shown = pinned ? [pinned, ...rest] : listed;
  const list = shortPages === 'often' ? spread(shown) : shown;
  // A post that is shown twice counts once.
  return { list, count: list.length - (shown.length - listed.length) };
};

/** The wall as wall.get pages through it: the pinned post first, then by date. */
export const viewWall = (wall: Wall, filter: string, switches: ViewSwitches): WallView | null => {
  const accepts = WALL_FILTERS[filter];
  if (!accepts) return null;
  const key = `${filter} ${switches.pinnedRepeated} ${switches.shortPages}`;
  const known = wall.views.get(key);
  if (known) return known;
  const view = buildView(wall, accepts, switches);
  wall.views.set(key, view);
  return view;
};

import { certain, notSeen, type Asking } from './asking';
import type { Probe } from './probe';
import { readWallPage, type ProbeRecord, type SeenPost, type WallPage } from './record';
import type { SeenWall } from './survey';

const PAGE = 100;
/** Halvings of a wall that find any date within a hundred thousand posts. */
const HALVINGS_MAX = 10;
const WALLS_MAX = 2;

/** The posts of a page that stand where their date puts them. */
const datedOf = ({ offset, items }: WallPage): SeenPost[] =>
  offset === 0 ? items.slice(1) : items;

type Place = 'repeated' | 'absent' | 'before' | 'behind';

/** Where the date of the pinned post lies: on this page, and then whether it stands there too. */
const placeOn = (page: WallPage, pinned: SeenPost): Place => {
  const dated = datedOf(page);
  if (dated.some(({ id }) => id === pinned.id)) return 'repeated';
  // A post that stands twice may be counted once: the list is then one longer than its count.
  const isEnd = page.offset + PAGE > page.total;
  const hasNewer = page.offset === 0 || dated.some(({ date }) => date > pinned.date);
  const hasOlder = isEnd || dated.some(({ date }) => date < pinned.date);
  if (!hasNewer) return 'before';
  return hasOlder ? 'absent' : 'behind';
};

/** null where the place could not be found. */
function* findPlace(
  record: ProbeRecord,
  { first, ownerId, total }: SeenWall,
  pinned: SeenPost,
): Asking<Place | null> {
  let low = 0;
  let high = total + 1;
  let page: WallPage | null = first;
  for (let halving = 0; halving <= HALVINGS_MAX && page; halving += 1) {
    const place = placeOn(page, pinned);
    if (place === 'repeated' || place === 'absent') return place;
    if (place === 'behind') low = page.offset + PAGE - 1;
    else high = page.offset + 1;
    if (low >= high) return null;
    const offset = Math.max(0, Math.floor((low + high - PAGE) / 2));
    page = yield* readWallPage(record, { ownerId, offset, count: PAGE });
  }
  return null;
}

/** Whether the pinned post, which comes first, is listed again at its own date. */
export const pinnedRepeated: Probe = function* ({ record, survey: { walls } }) {
  const pinnedWalls = walls
    .flatMap((wall) => {
      const [pinned] = wall.first.items;
      return pinned?.isPinned && wall.posts.length > 1 ? [{ wall, pinned }] : [];
    })
    // Where it is as new as the first page, no further page has to be read.
    .toSorted((one, other) => other.pinned.date - one.pinned.date)
    .slice(0, WALLS_MAX);
  for (const { wall, pinned } of pinnedWalls) {
    const place = yield* findPlace(record, wall, pinned);
    if (place === 'repeated') return certain(true, 'a pinned post stands at its own date too');
    if (place === 'absent') return certain(false, 'a pinned post is missing at its own date');
  }
  return notSeen(`${pinnedWalls.length} walls with a pinned post`, 'a wall with a pinned post');
};

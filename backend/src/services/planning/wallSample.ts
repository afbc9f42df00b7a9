import type { WallFilter } from '@stenograf/contracts/api';
import { isInTime, type WallScope } from '../collecting/wallScope';
import { countOf, toDate, toFlag, toObjects, toTotal, type VkObject } from '../collecting/vkFields';
import type { VkCall } from '../collecting/vkCall';
import { PAGE_COUNT } from '../collecting/walkState';

/** What a plan looks at of a post. */
export interface SampledPost {
  id: number;
  date: Date;
  /** VK's count of its comments, replies included. */
  comments: number;
}

/** Some pages of a wall. */
export interface WallSample {
  /** Posts of the whole wall, by VK's count. */
  total: number;
  /** In the order of the wall; no post is in two of them. */
  pages: { offset: number; posts: SampledPost[] }[];
}

/** Pages that are read of one wall at most; a wall of so many is known exactly. */
const PAGES_MAX = 5;

const toPost = (item: VkObject): SampledPost[] => {
  const date = toDate(item.date);
  const id = typeof item.id === 'number' ? item.id : null;
  if (date === null || id === null || toFlag(item.is_deleted)) return [];
  return [{ id, date, comments: countOf(item.comments) ?? 0 }];
};

/** Offsets over the posts that are asked for, the first page apart. */
const spread = (posts: number): number[] => {
  const rest = Math.ceil(posts / PAGE_COUNT) - 1;
  const count = Math.min(rest, PAGES_MAX - 1);
  const step = count === rest ? PAGE_COUNT : (posts - PAGE_COUNT) / Math.max(1, count);
  return Array.from({ length: Math.max(0, count) }, (_, index) => Math.floor((index + 1) * step));
};

/** Reads a few pages of a wall: all of a small one, else some over what the scope asks for. */
export const sampleWall = async (
  ownerId: number,
  { filter, ...scope }: WallScope & { filter: WallFilter },
  call: VkCall,
): Promise<WallSample> => {
  let total = 0;
  const readPage = async (offset: number): Promise<WallSample['pages'][number]> => {
    const params = { owner_id: ownerId, offset, count: PAGE_COUNT, filter };
    const { reply } = await call('wall.get', params);
    total = toTotal(reply.count) ?? total;
    return { offset, posts: toObjects(reply.items).flatMap(toPost) };
  };

  const pages = [await readPage(0)];
  const wanted = Math.min(total, scope.limit ?? total);
  if (scope.since === null) {
    pages.push(...(await Promise.all(spread(wanted).map(readPage))));
  } else {
    // Down the wall in growing steps until its posts are too old.
    let last = pages[0];
    for (let offset = PAGE_COUNT; offset < wanted && pages.length < PAGES_MAX; offset *= 3) {
      const oldest = last?.posts.at(-1);
      if (oldest && oldest.date < scope.since) break;
      last = await readPage(offset);
      pages.push(last);
    }
  }
  return { total, pages };
};

/** How many posts of the wall one post of each page stands for: gaps belong half to each side. */
export const weigh = ({ total, pages }: WallSample, wanted: number): number[] => {
  const end = Math.min(total, wanted);
  const lengths = pages.map(({ offset, posts }) =>
    Math.max(1, Math.min(posts.length, end - offset)),
  );
  return pages.map(({ offset }, index) => {
    const length = lengths[index] ?? 1;
    const before = pages[index - 1];
    const gapBefore = before ? Math.max(0, offset - before.offset - (lengths[index - 1] ?? 0)) : 0;
    const next = pages[index + 1];
    const gapAfter = Math.max(0, (next?.offset ?? end) - offset - length);
    return (length + gapBefore / 2 + (next ? gapAfter / 2 : gapAfter)) / length;
  });
};

export interface WeighedPost extends SampledPost {
  /** Posts of the wall that it stands for. */
  weight: number;
}

export interface ScopedSample {
  /** Posts that are asked for. */
  posts: WeighedPost[];
  /** How far down the wall must be read. */
  depth: number;
  /** VK counts posts that it does not list: the end of the wall is looked behind. */
  hasGaps: boolean;
}

/** What of a sample is asked for. */
export const selectScope = (sample: WallSample, scope: WallScope): ScopedSample => {
  const wanted = Math.min(sample.total, scope.limit ?? sample.total);
  const weights = weigh(sample, wanted);
  const all = sample.pages.flatMap(({ offset, posts }, index) =>
    posts.flatMap((post, place) =>
      offset + place < wanted ? [{ ...post, weight: weights[index] ?? 1 }] : [],
    ),
  );
  const { since } = scope;
  const read = since === null ? all : all.filter(({ date }) => date >= since);
  return {
    posts: all.filter(({ date }) => isInTime(scope, date)),
    hasGaps: sample.pages.some(
      ({ offset, posts }) => posts.length < Math.min(PAGE_COUNT, sample.total - offset),
    ),
    depth: Math.round(read.reduce((sum, { weight }) => sum + weight, 0)),
  };
};

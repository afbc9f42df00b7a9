import { isObject, toArray, toInteger, toObjects } from '../services/collecting/vkFields';
import type { Asking } from './asking';
import {
  readCommentPage,
  readWallPage,
  type ProbeRecord,
  type SeenPost,
  type WallPage,
} from './record';

export interface SeenWall {
  ownerId: number;
  total: number;
  /** From offset 0. */
  first: WallPage;
  /** Of the first page and the one behind it. */
  posts: SeenPost[];
}

/** What there is to look at: the newest posts of each wall, and discussions on them. */
export interface Survey {
  /** A community that VK knows, whether its wall can be read or not; null without any. */
  knownCommunityId: number | null;
  walls: SeenWall[];
  posts: SeenPost[];
  /** Those whose comments were read. */
  discussed: SeenPost[];
}

/** Posts whose comments are read: half of them the most discussed, half from wall after wall. */
const DISCUSSIONS_MAX = 26;

const idsOf = (response: unknown): number[] => {
  const groups = isObject(response) ? response.groups : response;
  return toObjects(toArray(groups)).flatMap((group) => toInteger(group.id) ?? []);
};

function* findCommunities(references: readonly string[]): Asking<number[]> {
  const ask = (groupIds: readonly string[]) => ({
    method: 'groups.getById',
    params: { group_ids: groupIds.join(',') },
  });
  const together = yield ask(references);
  if (together.ok) return idsOf(together.response);
  // One name that nobody has spoils the answer of all.
  const found: number[] = [];
  for (const reference of references.length > 1 ? references : []) {
    const answer = yield ask([reference]);
    if (answer.ok) found.push(...idsOf(answer.response));
  }
  return found;
}

const byComments = (one: SeenPost, other: SeenPost): number => other.comments - one.comments;

const inTurns = (walls: readonly SeenWall[]): SeenPost[] => {
  const ranked = walls.map(({ posts }) => posts.toSorted(byComments));
  const longest = Math.max(0, ...ranked.map(({ length }) => length));
  return Array.from({ length: longest }, (_, rank) =>
    ranked.flatMap((posts) => posts[rank] ?? []),
  ).flat();
};

const chooseDiscussions = (walls: readonly SeenWall[]): SeenPost[] => {
  const most = walls.flatMap(({ posts }) => posts).toSorted(byComments);
  const chosen = new Set([...most.slice(0, DISCUSSIONS_MAX / 2), ...inTurns(walls)]);
  return [...chosen].filter(({ comments }) => comments > 0).slice(0, DISCUSSIONS_MAX);
};

const PAGE = 100;

function* readWall(record: ProbeRecord, ownerId: number): Asking<SeenWall | null> {
  const first = yield* readWallPage(record, { ownerId, offset: 0, count: PAGE });
  if (!first) return null;
  const second =
    first.total > PAGE ? yield* readWallPage(record, { ownerId, offset: PAGE, count: PAGE }) : null;
  const known = new Set(first.items.map(({ id }) => id));
  const others = second?.items.filter(({ id }) => !known.has(id)) ?? [];
  return { ownerId, total: first.total, first, posts: [...first.items, ...others] };
}

/** @param references as groups.getById takes them: numbers and short names */
export function* survey(record: ProbeRecord, references: readonly string[]): Asking<Survey> {
  const ids = yield* findCommunities(references);
  const walls: SeenWall[] = [];
  for (const id of new Set(ids)) {
    const wall = yield* readWall(record, -id);
    if (wall) walls.push(wall);
  }
  const discussed: SeenPost[] = [];
  for (const post of chooseDiscussions(walls)) {
    if (yield* readCommentPage(record, post)) discussed.push(post);
  }
  const posts = walls.flatMap((wall) => wall.posts);
  return { knownCommunityId: ids[0] ?? null, walls, posts, discussed };
}

/**
 * Which posts of a wall a task asked for, judged page by page while the wall is read from its
 * newest post on. The pinned post stands first whatever its age, and counts by its own date.
 */

export interface WallScope {
  /** The newest N posts; null = all. */
  limit: number | null;
  /** Both inclusive. */
  since: Date | null;
  until: Date | null;
}

export interface WallPost {
  id: number;
  date: Date;
  isPinned: boolean;
}

/** What must be remembered from page to page; part of the walk's memory. */
export interface ScopeMemory {
  taken: number;
  /** A pinned post whose place among the newest N is not known yet; `date` in unix ms. */
  pinned: { id: number; date: number } | null;
}

export interface ScopeVerdict {
  /** Posts of this page that were asked for. */
  inScope: Set<number>;
  /** A pinned post of an earlier page that turned out to be asked for. */
  latePinnedId: number | null;
  /** Nothing further down the wall is asked for. */
  isOver: boolean;
  memory: ScopeMemory;
}

/** Posts in a row that must all be too old before the rest is believed to be older still. */
const OLD_RUN = 10;

export const startOfScope: ScopeMemory = { taken: 0, pinned: null };

export const isInTime = ({ since, until }: WallScope, date: Date): boolean =>
  (since === null || date >= since) && (until === null || date <= until);

/**
 * @param posts the posts of one page that were not read before, in the order of the wall
 * @param isEnd the wall ends with this page
 */
export const selectInScope = (
  scope: WallScope,
  before: ScopeMemory,
  posts: readonly WallPost[],
  isEnd: boolean,
): ScopeVerdict => {
  const limit = scope.limit ?? Number.POSITIVE_INFINITY;
  const inScope = new Set<number>();
  const onPage = new Set(posts.map((post) => post.id));
  let { taken, pinned } = before;
  let latePinnedId: number | null = null;

  const take = (id: number): void => {
    if (taken >= limit) return;
    taken += 1;
    if (onPage.has(id)) inScope.add(id);
    else latePinnedId = id;
  };
  const takePinned = (): void => {
    if (pinned === null) return;
    const { id } = pinned;
    pinned = null;
    take(id);
  };

  for (const post of posts) {
    if (post.isPinned && isInTime(scope, post.date)) {
      pinned = { id: post.id, date: post.date.getTime() };
    }
  }
  for (const post of posts) {
    if (post.isPinned || !isInTime(scope, post.date)) continue;
    if (pinned !== null && pinned.date >= post.date.getTime()) takePinned();
    take(post.id);
  }
  // Without a limit every pinned post in time is asked for, wherever it would stand.
  if (scope.limit === null || isEnd) takePinned();

  const unpinned = posts.filter((post) => !post.isPinned);
  const { since } = scope;
  const isTooOld =
    since !== null &&
    unpinned.length >= OLD_RUN &&
    unpinned.slice(-OLD_RUN).every((post) => post.date < since);
  if (isTooOld) takePinned();
  return {
    inScope,
    latePinnedId,
    isOver: taken >= limit || isTooOld,
    memory: { taken, pinned },
  };
};

export interface YardstickOptions {
  /** As VK_API_URL. */
  url: string;
  /** Of a user. */
  token: string;
  requestsPerSecond: number;
  communityIds: readonly number[];
}

/** What a yardstick found, whole, by `<owner_id>_<id>`. */
export interface Collected {
  posts: Map<string, object>;
  comments: Map<string, object>;
}

export interface Post {
  id: number;
  owner_id: number;
  comments?: { count: number };
}

export interface Comment {
  id: number;
  thread?: { count: number; items: Comment[] };
}

export interface Page<Item> {
  /** For comments of all levels. */
  count: number;
  current_level_count?: number;
  items: Item[];
}

/** Most items of one page. */
export const PAGE = 100;

export const WALL_PARAMS = { extended: 1, fields: 'screen_name' } as const;

/** What whoever wants all of a list asks for; VK's default of `preview_length` would cut texts. */
export const COMMENT_PARAMS = {
  count: PAGE,
  sort: 'asc',
  need_likes: 1,
  preview_length: 0,
  thread_items_count: 10,
  extended: 1,
} as const;

/** VK's code for comments that are closed or gone. */
export const COMMENTS_DENIED = 212;

export const emptyCollected = (): Collected => ({ posts: new Map(), comments: new Map() });

/** Roots whose replies did not all come with them. */
export const listLongThreads = (roots: readonly Comment[]): number[] =>
  roots.flatMap(({ id, thread }) => (thread && thread.count > thread.items.length ? [id] : []));

export const keepComments = (
  collected: Collected,
  ownerId: number,
  found: readonly Comment[],
): void => {
  for (const comment of found) {
    collected.comments.set(`${ownerId}_${comment.id}`, comment);
    keepComments(collected, ownerId, comment.thread?.items ?? []);
  }
};

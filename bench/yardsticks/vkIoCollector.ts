import { API, createCollectIterator, ExecuteError } from 'vk-io';
import {
  type Collected,
  type Comment,
  COMMENT_PARAMS,
  COMMENTS_DENIED,
  emptyCollected,
  keepComments,
  listLongThreads,
  PAGE,
  type Page,
  type Post,
  WALL_PARAMS,
  type YardstickOptions,
} from './collected';

type List = Record<string, string | number>;

/** All pages of one list: the later ones are asked for together, as soon as their number is known. */
const readList = async (api: API, params: List): Promise<Comment[]> => {
  const readPage = (offset: number): Promise<Page<Comment>> =>
    api.call('wall.getComments', { ...params, offset });
  const first = await readPage(0);
  const total = first.current_level_count ?? first.count;
  const offsets: number[] = [];
  for (let offset = PAGE; offset < total; offset += PAGE) offsets.push(offset);
  const later = await Promise.all(offsets.map(readPage));
  return [first, ...later].flatMap(({ items }) => items);
};

const readComments = async (api: API, post: Post, collected: Collected): Promise<void> => {
  const { owner_id: ownerId, id: postId } = post;
  const params = { ...COMMENT_PARAMS, owner_id: ownerId, post_id: postId };
  const roots = await readList(api, params);
  keepComments(collected, ownerId, roots);
  const threads = listLongThreads(roots).map(async (rootId) => {
    keepComments(collected, ownerId, await readList(api, { ...params, comment_id: rootId }));
  });
  await Promise.all(threads);
};

const ignoreDenied = (error: unknown): void => {
  if (!(error instanceof ExecuteError) || error.code !== COMMENTS_DENIED) throw error;
};

const readPosts = async (api: API, posts: readonly Post[], collected: Collected): Promise<void> => {
  for (const post of posts) collected.posts.set(`${post.owner_id}_${post.id}`, post);
  const commented = posts.filter(({ comments }) => (comments?.count ?? 0) > 0);
  await Promise.all(
    commented.map((post) => readComments(api, post, collected).catch(ignoreDenied)),
  );
};

/** In parallel mode vk-io packs what waits into `execute`, up to 25 calls, at its own pace. */
const createApi = ({ url, token, requestsPerSecond }: YardstickOptions): API =>
  new API({
    token,
    apiBaseUrl: url,
    apiMode: 'parallel',
    apiLimit: requestsPerSecond,
    language: 'ru',
  });

/**
 * Page by page of each wall, and all that is below a page at once: what is in memory stays bounded,
 * and what was read could be stored before more is asked for.
 */
export const collectWithVkIo = async (options: YardstickOptions): Promise<Collected> => {
  const api = createApi(options);
  const collected = emptyCollected();
  for (const id of options.communityIds) {
    for (let offset = 0, total = Infinity; offset < total; offset += PAGE) {
      const params = { ...WALL_PARAMS, owner_id: -id, count: PAGE, offset };
      const { count, items }: Page<Post> = await api.call('wall.get', params);
      await readPosts(api, items, collected);
      total = count;
    }
  }
  return collected;
};

/**
 * The most that vk-io can do: all walls at once, each by its own `collect`, and everything below
 * them at once, with all of it waiting in memory.
 */
export const collectAllAtOnceWithVkIo = async (options: YardstickOptions): Promise<Collected> => {
  const api = createApi(options);
  const collected = emptyCollected();
  const readWall = async (id: number): Promise<void> => {
    const pages = createCollectIterator<Post>({
      api,
      method: 'wall.get',
      params: { ...WALL_PARAMS, owner_id: -id },
      countPerRequest: PAGE,
    });
    for await (const { items } of pages) await readPosts(api, items, collected);
  };
  await Promise.all(options.communityIds.map(readWall));
  return collected;
};

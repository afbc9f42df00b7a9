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

interface Answer {
  response?: unknown;
  error?: { error_code: number; error_msg: string };
}

type Call = (method: string, params: Record<string, string | number>) => Promise<Answer>;

/** For N + 1 requests, so that none arrives within the second of N others: what vk-io takes too. */
const SECOND_MS = 1_133;

const createCall = ({ url, token, requestsPerSecond }: YardstickOptions): Call => {
  const spacingMs = SECOND_MS / requestsPerSecond;
  let nextAt = performance.now();
  return async (method, params) => {
    await Bun.sleep(nextAt - performance.now());
    nextAt = performance.now() + spacingMs;
    const body = new URLSearchParams({
      ...Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)])),
      access_token: token,
      v: '5.199',
      lang: 'ru',
    });
    const reply = await fetch(`${url}/${method}`, { method: 'POST', body });
    return (await reply.json()) as Answer;
  };
};

async function* readPages<Item>(
  call: Call,
  method: string,
  params: Record<string, string | number>,
): AsyncGenerator<Item[]> {
  for (let offset = 0, total = Infinity; offset < total; offset += PAGE) {
    const { response, error } = await call(method, { ...params, offset });
    if (error?.error_code === COMMENTS_DENIED) return;
    if (error) throw new Error(`${method}: ${error.error_msg}`);
    const { count, current_level_count: levelCount, items } = response as Page<Item>;
    total = levelCount ?? count;
    yield items;
  }
}

const readComments = async (call: Call, post: Post, collected: Collected): Promise<void> => {
  const { owner_id: ownerId, id: postId } = post;
  const params = { ...COMMENT_PARAMS, owner_id: ownerId, post_id: postId };
  const threads: number[] = [];
  for await (const roots of readPages<Comment>(call, 'wall.getComments', params)) {
    keepComments(collected, ownerId, roots);
    threads.push(...listLongThreads(roots));
  }
  for (const rootId of threads) {
    const ofThread = { ...params, comment_id: rootId };
    for await (const replies of readPages<Comment>(call, 'wall.getComments', ofThread)) {
      keepComments(collected, ownerId, replies);
    }
  }
};

/** The collector that everybody writes first: one call after the other, each in its own request. */
export const collectPlainly = async (options: YardstickOptions): Promise<Collected> => {
  const call = createCall(options);
  const collected = emptyCollected();
  for (const communityId of options.communityIds) {
    const params = { ...WALL_PARAMS, owner_id: -communityId, count: PAGE };
    for await (const posts of readPages<Post>(call, 'wall.get', params)) {
      for (const post of posts) {
        collected.posts.set(`${post.owner_id}_${post.id}`, post);
        if ((post.comments?.count ?? 0) > 0) await readComments(call, post, collected);
      }
    }
  }
  return collected;
};

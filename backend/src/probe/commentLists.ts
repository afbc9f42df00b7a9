import { toInteger, toObjects } from '../services/collecting/vkFields';
import { certain, describeRefusal, notSeen, type Asking, type Finding } from './asking';
import type { Probe } from './probe';
import { objectOf, type SeenPost } from './record';
import type { Survey } from './survey';

const SORTS = ['asc', 'desc', 'smart'] as const;

/** Posts that are tried until one shows all three orders apart. */
const SORTED_POSTS_MAX = 2;

function* readOrder({ ownerId, id }: SeenPost, sort?: (typeof SORTS)[number]): Asking<string> {
  const answer = yield {
    method: 'wall.getComments',
    params: { owner_id: ownerId, post_id: id, count: 20, ...(sort && { sort }) },
  };
  return toObjects(objectOf(answer).items)
    .map((item) => toInteger(item.id))
    .join();
}

/** The order in which wall.getComments answers when nobody asks for one. */
export const defaultSort: Probe = function* ({ survey: { discussed } }) {
  const wanted = 'a post with comments whose three orders differ';
  const many = discussed.toSorted((one, other) => other.comments - one.comments);
  for (const post of many.slice(0, SORTED_POSTS_MAX)) {
    const left = yield* readOrder(post);
    const orders: string[] = [];
    for (const sort of SORTS) orders.push(yield* readOrder(post, sort));
    if (left === '' || new Set(orders).size < SORTS.length) continue;
    const found = SORTS.find((_sort, index) => orders[index] === left);
    const evidence = 'one post without sort and with each of the three orders, which all differ';
    return certain(found ?? 'other', evidence);
  }
  return notSeen(`${Math.min(many.length, SORTED_POSTS_MAX)} posts compared`, wanted);
};

const CLOSED_POSTS_MAX = 4;

/**
 * Posts whose comments may be closed: nobody may write there, though one may under others of the
 * same wall. Those that count comments come first, since an empty list says nothing of the rest.
 */
const chooseClosed = ({ walls }: Survey): SeenPost[] =>
  walls
    .filter(({ posts }) => posts.some(({ canComment }) => canComment))
    .flatMap(({ posts }) => posts.filter(({ canComment }) => !canComment))
    .toSorted((one, other) => other.comments - one.comments)
    .slice(0, CLOSED_POSTS_MAX);

const WANTED =
  'a post with closed comments on a wall that takes comments elsewhere, asked with a user token';

/** What wall.getComments says of closed comments: error 212, or nothing. */
export const closedComments: Probe = function* ({ survey }) {
  const posts = chooseClosed(survey);
  let finding: Finding = notSeen('no post that seems closed', WANTED);
  for (const { ownerId, id, comments } of posts) {
    const answer = yield {
      method: 'wall.getComments',
      params: { owner_id: ownerId, post_id: id, count: 1 },
    };
    const what = 'a post under which nobody may write';
    if (!answer.ok) {
      if (answer.code === 212) return certain('212', `${what}: error 212`);
      finding = notSeen(`${what}: ${describeRefusal(answer)}`, WANTED);
      continue;
    }
    const isEmpty = toObjects(objectOf(answer).items).length === 0;
    if (isEmpty && comments > 0) {
      return certain('empty', `${what} and which counts comments: an empty list`);
    }
    finding = notSeen(`${what}: ${isEmpty ? 'it has none' : 'they can be read'}`, WANTED);
  }
  return finding;
};

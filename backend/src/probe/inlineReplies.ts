import { certain, likely, notSeen, type Finding } from './asking';
import type { Probe } from './probe';
import { everyReply, readThreadPage, type ProbeRecord, type SeenComment } from './record';

/** Threads over ten replies that are read whole, to tell which ten came inline. */
const THREADS_MAX = 6;

/** Threads that must agree before one order is taken for the order of all. */
const AGREEING_MIN = 6;
const AGREEING_LONG_MIN = 2;

interface Root {
  ownerId: number;
  postId: number;
  comment: SeenComment;
  inline: readonly number[];
  threadCount: number;
}

const rootsWithReplies = ({ commentPages }: ProbeRecord): Root[] =>
  [...commentPages.values()].flatMap(({ ownerId, postId, items }) =>
    items.flatMap((comment) => {
      const inline = comment.thread?.inline.map(({ id }) => id) ?? [];
      if (inline.length < 2) return [];
      return { ownerId, postId, comment, inline, threadCount: comment.thread?.count ?? 0 };
    }),
  );

type Direction = 'oldest first' | 'newest first' | 'in no order';

const directionOf = (ids: readonly number[]): Direction => {
  const rises = ids.every((id, index) => index === 0 || id > (ids[index - 1] ?? 0));
  const falls = ids.every((id, index) => index === 0 || id < (ids[index - 1] ?? 0));
  if (rises) return 'oldest first';
  return falls ? 'newest first' : 'in no order';
};

type Share = 'oldest' | 'newest' | 'other';

/**
 * Which part of the thread came inline; null where the oldest hundred replies, which `thread` holds,
 * do not tell.
 */
const shareOf = (
  inline: readonly number[],
  thread: readonly number[],
  total: number,
): Share | null => {
  const sorted = inline.toSorted((one, other) => one - other);
  const equals = (part: readonly number[]): boolean => part.join() === sorted.join();
  if (equals(thread.slice(0, inline.length))) return 'oldest';
  if (equals(thread.slice(-inline.length)) && total <= 100) return 'newest';
  if (total <= 100) return 'other';
  return (sorted[0] ?? 0) > (thread.at(-1) ?? 0) ? 'newest' : null;
};

const WANTED =
  `communities with ${AGREEING_MIN} threads of two replies and more, ` +
  `${AGREEING_LONG_MIN} of them over ten`;

const conclude = (directions: readonly Direction[], shares: readonly Share[]): Finding => {
  const evidence =
    `${directions.length} inline lists, their orders: ${[...new Set(directions)].join(', ')}; ` +
    `${shares.length} threads over ten replies, inline of these: ${[...new Set(shares)].join(', ') || 'none'}`;
  const isOnly = (direction: Direction, share: Share): boolean =>
    directions.every((one) => one === direction) && shares.every((one) => one === share);
  const isEither = directions.includes('oldest first') && directions.includes('newest first');
  if (isEither && directions.length >= AGREEING_MIN) return certain('mixed', evidence);
  if (directions.length < AGREEING_MIN || shares.length < AGREEING_LONG_MIN) {
    return notSeen(evidence, WANTED);
  }
  if (isOnly('oldest first', 'oldest')) return likely('oldest', evidence);
  if (isOnly('newest first', 'newest')) return likely('newest', evidence);
  return likely('other', evidence);
};

/** Which ten replies come inline with a root comment, and in which order. */
export const inlineOrder: Probe = function* ({ record }) {
  const roots = rootsWithReplies(record);
  const long = roots
    .filter(({ threadCount, inline }) => threadCount > Math.max(10, inline.length))
    .toSorted((one, other) => one.threadCount - other.threadCount);
  const shares: Share[] = [];
  for (const root of long.slice(0, THREADS_MAX)) {
    const post = { ownerId: root.ownerId, id: root.postId };
    const page = yield* readThreadPage(record, post, root.comment.id);
    const ids = page?.items.map(({ id }) => id) ?? [];
    if (!page || ids.length <= root.inline.length) continue;
    const share = shareOf(root.inline, ids, page.total);
    if (share !== null) shares.push(share);
  }
  return conclude(
    roots.map(({ inline }) => directionOf(inline)),
    shares,
  );
};

const DEEP_MIN = 3;

/** What `parents_stack` names for an answer to a reply. */
// oxlint-disable-next-line require-yield
export const parentsStack: Probe = function* ({ record }) {
  const deep = everyReply(record).filter(
    ({ reply, rootId }) => !reply.isDeleted && reply.replyTo !== null && reply.replyTo !== rootId,
  );
  const long = deep.filter(({ reply }) => reply.parents.length > 1).length;
  const rootAlone = deep.filter(
    ({ reply, rootId }) => reply.parents.length === 1 && reply.parents[0] === rootId,
  ).length;
  const evidence =
    `${deep.length} answers to replies: ${rootAlone} name their root alone, ` +
    `${long} more than one comment`;
  if (long > 0) return certain('chain', evidence);
  if (rootAlone < DEEP_MIN) return notSeen(evidence, `${DEEP_MIN} answers to replies`);
  return rootAlone === deep.length ? certain('root', evidence) : likely('other', evidence);
};

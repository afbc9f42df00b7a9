import type { ReasonKind } from '@stenograf/contracts/reasons';
import { assertNever } from '../../utils/assertNever';
import { VkError } from '../../vkApi/errors';
import type { Walk } from '../../repositories/walkRepository';
import { emptyCommit, type PageCommit, unmoved } from './pageCommit';
import { readCommentsPage, readThreadPage } from './readComments';
import { readSinglePost, readWallPage, type ReadContext } from './readWall';

/** What VK says of a post whose comments nobody can read: a complete answer, not a failure. */
const ANSWERS: ReadonlySet<ReasonKind> = new Set<ReasonKind>([
  'comments_closed',
  'post_gone',
  'not_found',
]);

const readPageOf = (walk: Walk, context: ReadContext): Promise<PageCommit> => {
  switch (walk.kind) {
    case 'wall':
      return readWallPage(walk, context);
    case 'post':
      return readSinglePost(walk, context);
    case 'comments':
      return readCommentsPage(walk, context);
    case 'thread':
      return readThreadPage(walk, context);
    default:
      return assertNever(walk.kind);
  }
};

/**
 * VK also says "not found" of posts that it goes on listing, so that a post is marked as deleted
 * only once it is left out when asked for by its id.
 */
const isLeftOut = async (walk: Walk, context: ReadContext): Promise<boolean> => {
  const look = await readSinglePost(walk, context);
  return look.move.reasonKind === 'post_gone';
};

const afterRefusal = async (
  walk: Walk,
  error: VkError,
  context: ReadContext,
): Promise<PageCommit> => {
  const isAnswer = ANSWERS.has(error.kind) && (walk.kind === 'comments' || walk.kind === 'thread');
  const mayBeGone =
    walk.kind === 'comments' && (error.kind === 'post_gone' || error.kind === 'not_found');
  const isGone = mayBeGone && (await isLeftOut(walk, context));
  return {
    ...emptyCommit({
      ...unmoved(walk),
      anchors: [],
      state: isAnswer ? 'done' : 'failed',
      reasonKind: error.kind,
      reasonCode: error.code,
    }),
    gonePost: isGone ? { ownerId: walk.ownerId, id: walk.postId } : null,
  };
};

/**
 * Reads one page of any walk; a refusal of VK is the end of the walk, with its reason.
 * @throws VkWaitError when no token may go on now; whatever is not VK's word.
 */
export const readPage = async (walk: Walk, context: ReadContext): Promise<PageCommit> => {
  try {
    return await readPageOf(walk, context);
  } catch (error) {
    if (error instanceof VkError) return afterRefusal(walk, error, context);
    throw error;
  }
};

import type { CommentInput } from '@stenograf/backend/repositories/commentRepository';
import { stableHash } from '@stenograf/backend/services/collecting/stableHash';
import { createWorld } from '@stenograf/sandbox/world/createWorld';
import { createTruth } from '@stenograf/sandbox/world/truth';

const SEED = 7;
const FETCHED_AT = new Date('2026-11-22T12:00:00.000Z');

/** The comments of the sandbox's demo world, on as many walls as it takes, as rows to store. */
export const inventComments = (count: number): CommentInput[] => {
  const { comments } = createTruth(createWorld('demo', SEED));
  return Array.from({ length: count }, (_, index) => {
    const record = comments[index % comments.length];
    if (!record) throw new Error('The demo world has comments.');
    const content = {
      postId: record.post_id,
      fromId: record.from_id,
      date: new Date(record.date),
      text: record.text,
      likes: record.likes,
      threadRootId: record.thread_root_id,
      replyToCommentId: record.reply_to_comment_id,
      replyToUserId: record.reply_to_user_id,
      isDeleted: record.is_deleted,
      attachments: record.attachments as unknown[],
    };
    return {
      ownerId: record.owner_id - 1_000 * Math.floor(index / comments.length),
      id: record.id,
      ...content,
      raw: null,
      contentHash: stableHash(content),
      fetchedAt: FETCHED_AT,
    };
  });
};

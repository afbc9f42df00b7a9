import { createAttachment } from './attachments';
import type { Comment, Post, Wall } from './model';
import type { PostPlan, RootPlan } from './plan';
import type { Random } from './random';
import { inventCommentText } from './texts';

/** Who writes, in one world: the pools that comments and posts draw their authors from. */
export interface Writers {
  users: readonly number[];
  deactivated: readonly number[];
  leftOut: readonly number[];
  bystanders: readonly number[];
  /** First name by id, for the mention that opens a reply. */
  nameOf: (id: number) => string;
}

/** One wall while it is built. Twin walls share `shape` draws, never `words`. */
export interface WallDraft {
  wall: Wall;
  shape: Random;
  words: Random;
  writers: Writers;
  /** Latest moment so far, unix seconds. */
  now: number;
}

export const takeId = ({ wall, shape }: WallDraft): number => {
  wall.lastId += shape.chance(0.3) ? shape.int(2, 9) : 1;
  return wall.lastId;
};

/** A community that writes here as a guest; the wall's own where the world has no guests. */
export const pickBystander = ({ words, writers, wall }: WallDraft): number =>
  writers.bystanders.length === 0 ? wall.ownerId : -words.pick(writers.bystanders);

/** A few people write much, most write once: hence the square. */
const pickUser = ({ words, writers }: WallDraft): number => {
  const index = Math.floor(words.next() ** 2 * writers.users.length);
  return writers.users[index] ?? words.pick(writers.users);
};

const pickAnybody = (draft: WallDraft): number => {
  const share = draft.words.next();
  if (share < 0.03) return draft.wall.ownerId;
  return share < 0.045 ? pickBystander(draft) : pickUser(draft);
};

const pickAuthor = (draft: WallDraft, by: RootPlan['by']): number => {
  switch (by) {
    case 'community':
      return draft.wall.ownerId;
    case 'bystander':
      return pickBystander(draft);
    case 'deactivated':
      return draft.words.pick(draft.writers.deactivated);
    case 'leftOut':
      return draft.words.pick(draft.writers.leftOut);
    case 'user':
      return pickUser(draft);
    case undefined:
      return pickAnybody(draft);
  }
};

interface CommentDraft {
  post: Post;
  date: number;
  by: RootPlan['by'];
  text: string | undefined;
}

const createComment = (draft: WallDraft, { post, date, by, text }: CommentDraft): Comment => {
  const comment: Comment = {
    ownerId: post.ownerId,
    postId: post.id,
    id: takeId(draft),
    rootId: null,
    fromId: pickAuthor(draft, by),
    date,
    text: text ?? inventCommentText(draft.words),
    likes: draft.words.chance(0.4) ? draft.words.int(1, 40) : 0,
    replyToComment: null,
    replyToUser: null,
    attachments: [],
    donutPlaceholder: null,
    isDeleted: false,
    isHidden: false,
    replies: [],
    threadDrift: 0,
    born: 0,
    touched: 0,
  };
  draft.wall.commentById.set(comment.id, comment);
  draft.now = Math.max(draft.now, date);
  return comment;
};

/** Points a reply at what it answers: a root, or an earlier reply of the same thread. */
export const linkReply = (
  reply: Comment,
  root: Comment,
  parent: Comment,
  nameOf: Writers['nameOf'],
): void => {
  reply.rootId = root.id;
  reply.replyToComment = parent.id;
  reply.replyToUser = parent.fromId;
  const page = parent.fromId > 0 ? `id${parent.fromId}` : `club${-parent.fromId}`;
  reply.text = `[${page}|${nameOf(parent.fromId)}], ${reply.text}`;
};

const buildReplies = (draft: WallDraft, post: Post, root: Comment, plan: RootPlan): void => {
  const { shape, words, writers } = draft;
  let date = root.date;
  for (let index = 0; index < (plan.replies ?? 0); index += 1) {
    date += shape.int(5, 900);
    const planned = plan.replyTexts?.[index];
    const reply = createComment(draft, { post, date, by: undefined, text: planned });
    const parent = shape.chance(0.5) ? root : (root.replies.at(-1) ?? root);
    if (planned === undefined && !shape.chance(0.05)) {
      linkReply(reply, root, parent, writers.nameOf);
    } else {
      // Written in the thread without answering anybody in it.
      reply.rootId = root.id;
    }
    reply.isHidden = plan.hiddenReplies?.includes(index) ?? false;
    if (words.chance(0.03)) {
      reply.attachments = [
        createAttachment('sticker', { ownerId: post.ownerId, date, random: words }),
      ];
    }
    root.replies.push(reply);
  }
  post.replyCount += root.replies.length;
};

export const buildComments = (draft: WallDraft, post: Post, plan: PostPlan): void => {
  let date = post.date;
  for (const rootPlan of plan.roots ?? []) {
    date += draft.shape.int(10, 1_200);
    const root = createComment(draft, { post, date, by: rootPlan.by, text: rootPlan.text });
    root.isHidden = rootPlan.isHidden ?? false;
    root.isDeleted = rootPlan.isStub ?? false;
    root.threadDrift = rootPlan.threadDrift ?? 0;
    if (rootPlan.hasDonutPlaceholder) {
      root.text = '';
      root.donutPlaceholder = 'Комментарий виден подписчикам VK Donut';
    }
    const place = { ownerId: post.ownerId, date, random: draft.words };
    root.attachments = (rootPlan.attachments ?? []).map((kind) => createAttachment(kind, place));
    post.roots.push(root);
    buildReplies(draft, post, root, rootPlan);
  }
};

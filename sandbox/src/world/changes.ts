import type { CommunityState, Post } from './model';

export interface NewPost {
  /** The community itself by default. */
  fromId?: number;
  text?: string;
  isPinned?: boolean;
}

export interface NewComment {
  /** A person by default. */
  fromId?: number;
  text?: string;
  /** The root whose thread it goes to; a root comment when left out. */
  rootId?: number;
  /** The reply of that thread that it answers; its root when left out. */
  replyTo?: number;
}

/** Changes the world between two pages. `ownerId` is negative, as on VK; ids are returned. */
export interface Mutator {
  /** Puts a post on top of the wall. */
  insertPost(ownerId: number, post?: NewPost): number;
  deletePost(ownerId: number, postId: number): void;
  editPost(ownerId: number, postId: number, text?: string): void;
  pinPost(ownerId: number, postId: number | null): void;
  /** Takes a post off the wall for everybody but its owner. */
  archivePost(ownerId: number, postId: number): void;
  /** Brings a deleted or archived post back to its place, with its comments. */
  restorePost(ownerId: number, postId: number): void;
  /** Adds a comment at the end of the post's list, or of a thread. */
  insertComment(ownerId: number, postId: number, comment?: NewComment): number;
  /** A root with replies leaves a stub; what becomes of other comments, a switch says. */
  deleteComment(ownerId: number, commentId: number): void;
  /** Deletes a root comment with all of its replies: no stub is left. */
  deleteThread(ownerId: number, rootId: number): void;
  /** Brings a deleted comment back to its place, one deleted with its replies together with them. */
  restoreComment(ownerId: number, commentId: number): void;
  editComment(ownerId: number, commentId: number, text?: string): void;
  setCommentAccess(ownerId: number, postId: number, access: Post['commentAccess']): void;
  setCommunityState(communityId: number, state: CommunityState): void;
}

/** One mutation by name, with its arguments in order. */
export type Change = {
  [Op in keyof Mutator]: { op: Op; args: Parameters<Mutator[Op]> };
}[keyof Mutator];

/** A mutation that took place. */
export type LoggedChange = Change & {
  /** Number of the step that it was; a mark taken after it is this number. */
  step: number;
  /** The world's own time, ISO 8601. */
  at: string;
};

import {
  isObject,
  toArray,
  toCount,
  toFlag,
  toInteger,
  toObjects,
  toText,
  type VkObject,
} from '../services/collecting/vkFields';
import type { Answer, Asking } from './asking';

/** What is kept of a text: enough to tell what VK does to texts, nothing of what it says. */
export interface TextTraits {
  /** In characters, not in UTF-16 units. */
  length: number;
  hasControl: boolean;
}

export interface SeenPost {
  ownerId: number;
  id: number;
  /** Unix seconds. */
  date: number;
  isPinned: boolean;
  comments: number;
  canComment: boolean;
  text: TextTraits;
}

export interface WallPage {
  ownerId: number;
  offset: number;
  /** null: asked for without `count`. */
  count: number | null;
  total: number;
  items: SeenPost[];
}

export interface SeenComment {
  id: number;
  isDeleted: boolean;
  /** Whether the field came at all, with whatever number. */
  hasAuthor: boolean;
  parents: readonly number[];
  replyTo: number | null;
  text: TextTraits;
  /** null for a reply. */
  thread: { count: number; inline: SeenComment[] } | null;
}

export interface CommentPage {
  ownerId: number;
  postId: number;
  total: number;
  items: SeenComment[];
}

/** Everything that was read, for the probes that look for what nobody can ask for. */
export interface ProbeRecord {
  wallPages: Map<string, WallPage>;
  /** Root comments with up to ten replies each, oldest first. */
  commentPages: Map<string, CommentPage>;
  /** Replies of one root, oldest first. */
  threadPages: Map<string, CommentPage>;
}

export const createRecord = (): ProbeRecord => ({
  wallPages: new Map(),
  commentPages: new Map(),
  threadPages: new Map(),
});

// Tab, line feed and carriage return are no news; U+0000 never passes the transport.
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0001-\u0008\u000B\u000C\u000E-\u001F\u007F]/;

const textTraits = (value: unknown): TextTraits => {
  const text = toText(value);
  return { length: Array.from(text).length, hasControl: CONTROL.test(text) };
};

const toSeenPost = (item: VkObject, ownerId: number): SeenPost => {
  const comments = isObject(item.comments) ? item.comments : {};
  return {
    ownerId,
    id: toInteger(item.id) ?? 0,
    date: toInteger(item.date) ?? 0,
    isPinned: toFlag(item.is_pinned),
    comments: toCount(comments.count),
    canComment: toFlag(comments.can_post),
    text: textTraits(item.text),
  };
};

const toSeenComment = (item: VkObject): SeenComment => {
  const thread = isObject(item.thread) ? item.thread : null;
  return {
    id: toInteger(item.id) ?? 0,
    isDeleted: toFlag(item.deleted) || toFlag(item.is_deleted),
    hasAuthor: item.from_id !== undefined && item.from_id !== null,
    parents: toArray(item.parents_stack).flatMap((id) => toInteger(id) ?? []),
    replyTo: toInteger(item.reply_to_comment),
    text: textTraits(item.text),
    thread: thread && {
      count: toCount(thread.count),
      inline: toObjects(thread.items).map(toSeenComment),
    },
  };
};

/** The `response` as an object; an empty one where it is none. */
export const objectOf = (answer: Answer): VkObject =>
  answer.ok && isObject(answer.response) ? answer.response : {};

/** One page of a wall, read once however often it is asked for; null where VK refuses. */
export function* readWallPage(
  record: ProbeRecord,
  { ownerId, offset, count }: Pick<WallPage, 'ownerId' | 'offset' | 'count'>,
): Asking<WallPage | null> {
  const key = `${ownerId} ${offset} ${count}`;
  const known = record.wallPages.get(key);
  if (known) return known;
  const params = { owner_id: ownerId, offset, ...(count === null ? {} : { count }) };
  const answer = yield { method: 'wall.get', params };
  if (!answer.ok) return null;
  const reply = objectOf(answer);
  const items = toObjects(reply.items).map((item) => toSeenPost(item, ownerId));
  const page = { ownerId, offset, count, total: toCount(reply.count), items };
  record.wallPages.set(key, page);
  return page;
}

const COMMENT_PAGE = { sort: 'asc', count: 100, thread_items_count: 10, preview_length: 0 };

const toCommentPage = (answer: Answer, ownerId: number, postId: number): CommentPage => {
  const reply = objectOf(answer);
  const items = toObjects(reply.items).map(toSeenComment);
  return { ownerId, postId, total: toCount(reply.count), items };
};

type PostKey = Pick<SeenPost, 'ownerId' | 'id'>;

/** The oldest hundred root comments of a post, read once. */
export function* readCommentPage(
  record: ProbeRecord,
  { ownerId, id }: PostKey,
): Asking<CommentPage | null> {
  const key = `${ownerId} ${id}`;
  const known = record.commentPages.get(key);
  if (known) return known;
  const params = { owner_id: ownerId, post_id: id, ...COMMENT_PAGE };
  const answer = yield { method: 'wall.getComments', params };
  if (!answer.ok) return null;
  const page = toCommentPage(answer, ownerId, id);
  record.commentPages.set(key, page);
  return page;
}

/** The oldest hundred replies to a root comment, read once. */
export function* readThreadPage(
  record: ProbeRecord,
  { ownerId, id }: PostKey,
  rootId: number,
): Asking<CommentPage | null> {
  const key = `${ownerId} ${rootId}`;
  const known = record.threadPages.get(key);
  if (known) return known;
  const params = { owner_id: ownerId, post_id: id, comment_id: rootId, ...COMMENT_PAGE };
  const answer = yield { method: 'wall.getComments', params };
  if (!answer.ok) return null;
  const page = toCommentPage(answer, ownerId, id);
  record.threadPages.set(key, page);
  return page;
}

/** Root comments, inline replies and replies of threads; one read twice stands twice. */
export const everyComment = ({ commentPages, threadPages }: ProbeRecord): SeenComment[] => [
  ...[...commentPages.values()].flatMap(({ items }) =>
    items.flatMap((root) => [root, ...(root.thread?.inline ?? [])]),
  ),
  ...[...threadPages.values()].flatMap(({ items }) => items),
];

/** Replies once each, with their root. */
export const everyReply = ({
  commentPages,
  threadPages,
}: ProbeRecord): { rootId: number; reply: SeenComment }[] => {
  const byKey = new Map<string, { rootId: number; reply: SeenComment }>();
  for (const { ownerId, items } of commentPages.values()) {
    for (const root of items) {
      for (const reply of root.thread?.inline ?? []) {
        byKey.set(`${ownerId} ${reply.id}`, { rootId: root.id, reply });
      }
    }
  }
  for (const [key, { ownerId, items }] of threadPages) {
    const rootId = Number(key.split(' ')[1]);
    for (const reply of items) byKey.set(`${ownerId} ${reply.id}`, { rootId, reply });
  }
  return [...byKey.values()];
};

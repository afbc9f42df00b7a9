import type { CommentInput } from '../../repositories/commentRepository';
import type { CommunityInput } from '../../repositories/communityRepository';
import type { PostInput } from '../../repositories/postRepository';
import { stableHash } from '../collecting/stableHash';
import { eraseInJson, eraseInText, type ErasedPeople } from './withoutPeople';

/** What the hash of a record does not cover: its key, and how it was read. */
const NOT_CONTENT: ReadonlySet<string> = new Set([
  'ownerId',
  'id',
  'raw',
  'contentHash',
  'fetchedAt',
]);

/** The hash that a reading with this content has, so that reading it again writes nothing. */
export const contentHashOf = (row: PostInput | CommentInput): number =>
  stableHash(Object.fromEntries(Object.entries(row).filter(([key]) => !NOT_CONTENT.has(key))));

const hashed = <Row extends PostInput | CommentInput>(row: Row): Row => ({
  ...row,
  contentHash: contentHashOf(row),
});

/** A post without author and words. VK's counts stay: they are of those who read it. */
export const emptyPost = (post: PostInput): PostInput =>
  hashed({
    ...post,
    fromId: null,
    text: '',
    signerId: null,
    editedAt: null,
    attachments: [],
    copyHistory: [],
    geo: null,
    raw: null,
  });

/** A comment without author and words, which keeps its place: what it replies to, and its thread. */
export const emptyComment = (comment: CommentInput): CommentInput => {
  const empty = {
    ...comment,
    fromId: null,
    text: '',
    likes: 0,
    replyToUserId: null,
    isDeleted: true,
    attachments: [],
    raw: null,
  };
  // Of what VK shows as deleted the hash is that of its stub, which names nobody.
  return comment.isDeleted ? empty : hashed(empty);
};

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

const withChanges = <Row extends PostInput | CommentInput>(
  row: Row,
  changes: Partial<Row>,
): Row => {
  const next = { ...row, ...changes };
  return isSame(next, row) ? row : next;
};

const unlessErased = (id: number | null, erased: ErasedPeople): number | null =>
  id !== null && erased.has(id) ? null : id;

const array = (value: unknown[], erased: ErasedPeople): unknown[] =>
  value.map((item) => eraseInJson(item, erased));

/** A post of somebody else without the names of erased people; itself if it names none. */
export const eraseInPost = (post: PostInput, erased: ErasedPeople): PostInput => {
  const next = withChanges(post, {
    signerId: unlessErased(post.signerId, erased),
    text: eraseInText(post.text, erased),
    attachments: array(post.attachments, erased),
    copyHistory: array(post.copyHistory, erased),
    geo: eraseInJson(post.geo, erased),
    raw: eraseInJson(post.raw, erased),
  });
  return next === post ? post : hashed(next);
};

export const eraseInComment = (comment: CommentInput, erased: ErasedPeople): CommentInput => {
  const next = withChanges(comment, {
    replyToUserId: unlessErased(comment.replyToUserId, erased),
    text: eraseInText(comment.text, erased),
    attachments: array(comment.attachments, erased),
    raw: eraseInJson(comment.raw, erased),
  });
  return next === comment || comment.isDeleted ? next : hashed(next);
};

/** What VK tells of a community in words may name people; its hash does not cover that. */
export const eraseInCommunity = (
  community: CommunityInput,
  erased: ErasedPeople,
): CommunityInput => ({ ...community, raw: eraseInJson(community.raw, erased) });

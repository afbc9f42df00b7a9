import type { AuthorInput } from '../../repositories/authorRepository';
import type { CommentInput } from '../../repositories/commentRepository';
import type { CommunityInput } from '../../repositories/communityRepository';
import type { PostInput } from '../../repositories/postRepository';
import {
  emptyComment,
  emptyPost,
  eraseInComment,
  eraseInCommunity,
  eraseInPost,
} from './erasedRows';
import type { ErasedPeople } from './withoutPeople';

/** What pages of VK bring to be stored. */
export interface PageRows {
  posts: PostInput[];
  comments: CommentInput[];
  authors: AuthorInput[];
  communities: CommunityInput[];
}

/** The same without erased people, and which of the rows are empty nodes now. */
export interface GuardedRows extends PageRows {
  emptied: Pick<PageRows, 'posts' | 'comments'>;
}

const NONE: GuardedRows['emptied'] = { posts: [], comments: [] };

const separate = <Row extends { fromId: number | null }>(
  rows: Row[],
  erased: ErasedPeople,
  toEmpty: (row: Row) => Row,
  eraseIn: (row: Row, erased: ErasedPeople) => Row,
): { all: Row[]; emptied: Row[] } => {
  const [own = [], others = []] = [true, false].map((isOwn) =>
    rows.filter(({ fromId }) => (fromId !== null && erased.has(fromId)) === isOwn),
  );
  const emptied = own.map(toEmpty);
  return { all: [...others.map((row) => eraseIn(row, erased)), ...emptied], emptied };
};

/** @param erased null: nobody was ever erased, and all stays as it is */
export const eraseInRows = (rows: PageRows, erased: ErasedPeople | null): GuardedRows => {
  if (erased === null) return { ...rows, emptied: NONE };
  const posts = separate(rows.posts, erased, emptyPost, eraseInPost);
  const comments = separate(rows.comments, erased, emptyComment, eraseInComment);
  return {
    posts: posts.all,
    comments: comments.all,
    authors: rows.authors.filter(({ id }) => !erased.has(id)),
    communities: rows.communities.map((community) => eraseInCommunity(community, erased)),
    emptied: { posts: posts.emptied, comments: comments.emptied },
  };
};

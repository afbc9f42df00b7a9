import type { Container } from '@stenograf/backend/container';
import type { AuthorInput } from '@stenograf/backend/repositories/authorRepository';
import type { CommentInput } from '@stenograf/backend/repositories/commentRepository';
import type { Walk } from '@stenograf/backend/repositories/walkRepository';
import { createCommitter, type Committer } from '@stenograf/backend/services/collecting/committer';
import {
  emptyCommit,
  type PageCommit,
  unmoved,
} from '@stenograf/backend/services/collecting/pageCommit';
import { stableHash } from '@stenograf/backend/services/collecting/stableHash';

const PAGE = 100;
/** Calls of one packed request, whose pages arrive together. */
const PACK = 25;
const LEASE_MS = 60_000;

const toAuthor = (id: number, fetchedAt: Date): AuthorInput => {
  const content = { firstName: 'Анна', lastName: `${id}`, screenName: null, deactivated: null };
  return { id, ...content, contentHash: stableHash(content), fetchedAt };
};

const toPage = (walk: Walk, comments: CommentInput[]): PageCommit => {
  const people = new Map(
    comments.flatMap(({ fromId, fetchedAt }) =>
      fromId !== null && fromId > 0 ? [[fromId, toAuthor(fromId, fetchedAt)] as const] : [],
    ),
  );
  return {
    ...emptyCommit({ ...unmoved(walk), state: 'done', stored: comments.length }),
    comments,
    authors: [...people.values()],
  };
};

const claimTarget = async ({ taskService, claimRepository }: Container) => {
  const { id } = await taskService.createTask({ communities: ['club1'] });
  const { items } = await taskService.listTargets(id, { limit: 1 });
  const target = await claimRepository.claim(items[0]?.id ?? 0, LEASE_MS);
  if (!target) throw new Error('A new target is due.');
  return target;
};

export interface PreparedPages {
  committer: Committer;
  pages: PageCommit[];
}

/** A target in the hands of this process, and a page of 100 comments for each of its open lists. */
export const preparePages = async (
  container: Container,
  comments: readonly CommentInput[],
): Promise<PreparedPages> => {
  const target = await claimTarget(container);
  const lists = Array.from({ length: Math.ceil(comments.length / PAGE) }, (_, index) => ({
    kind: 'comments' as const,
    ownerId: -1,
    postId: index + 1,
    rootId: 0,
  }));
  const walks = await container.withTransaction(undefined, (transaction) =>
    container.walkRepository.insertMany(target.id, lists, transaction),
  );
  const nowMs = (): number => performance.now();
  return {
    committer: createCommitter({ ...container, target, leaseMs: LEASE_MS, nowMs }),
    pages: walks.map((walk, index) =>
      toPage(walk, comments.slice(index * PAGE, (index + 1) * PAGE)),
    ),
  };
};

/** Commits the pages of one packed request after the other, as the engine does. */
export const commitPages = async ({ committer, pages }: PreparedPages): Promise<void> => {
  for (let at = 0; at < pages.length; at += PACK) {
    await Promise.all(pages.slice(at, at + PACK).map((page) => committer.commit(page)));
  }
};

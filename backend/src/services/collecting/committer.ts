import type { Transaction } from 'sequelize';
import type { AuthorRepository } from '../../repositories/authorRepository';
import type { CommentRepository } from '../../repositories/commentRepository';
import type { CommunityRepository } from '../../repositories/communityRepository';
import type { ErasedRowRepository } from '../../repositories/erasedRowRepository';
import type { PostRepository } from '../../repositories/postRepository';
import type {
  ClaimedTarget,
  TargetCounters,
  ClaimRepository,
} from '../../repositories/claimRepository';
import type { TaskEventRepository } from '../../repositories/taskEventRepository';
import type { TaskLinksRepository } from '../../repositories/taskLinksRepository';
import type { TaskRepository } from '../../repositories/taskRepository';
import type { Walk, WalkRepository } from '../../repositories/walkRepository';
import type { WithTransaction } from '../../repositories/withTransaction';
import type { CallSpending } from '../../vkApi/types';
import type { ErasureGuard } from '../erasing/erasureGuard';
import { eraseInRows, type GuardedRows } from '../erasing/eraseInRows';
import type { PageCommit } from './pageCommit';

export interface CommitRepositories {
  withTransaction: WithTransaction;
  claimRepository: ClaimRepository;
  taskRepository: TaskRepository;
  taskEventRepository: TaskEventRepository;
  taskLinksRepository: TaskLinksRepository;
  walkRepository: WalkRepository;
  postRepository: PostRepository;
  commentRepository: CommentRepository;
  authorRepository: AuthorRepository;
  communityRepository: CommunityRepository;
  erasureGuard: ErasureGuard;
  erasedRowRepository: ErasedRowRepository;
}

/** Another worker has the target now, or it was ended: nothing more may be written here. */
export class LostTargetError extends Error {
  override readonly name = 'LostTargetError';
}

/**
 * Locks the target for a transaction of its holder.
 * @throws LostTargetError when it has another one.
 */
export const assertMine = async (
  { claimRepository, target }: { claimRepository: ClaimRepository; target: ClaimedTarget },
  transaction: Transaction,
): Promise<void> => {
  if (await claimRepository.fence(target, transaction)) return;
  throw new LostTargetError('The target is in other hands.');
};

/** Pages of one transaction at most; more would hold its locks for too long. */
const PAGES_MAX = 50;

/** Progress is told so often at most, in milliseconds. */
const TICK_MS = 1_000;

interface Waiting {
  page: PageCommit;
  resolve: (opened: Walk[]) => void;
  reject: (cause: unknown) => void;
}

export interface Committer {
  /**
   * Writes a page with the next commit of this target.
   * @returns the walks that it opened.
   * @throws LostTargetError when the target is no longer this worker's.
   */
  commit(page: PageCommit): Promise<Walk[]>;
  /** Notes what calls cost; written with the next commit. */
  spend(spent: CallSpending): void;
  /** Writes what was spent on calls that brought no page. */
  flush(): Promise<void>;
}

interface CommitterOptions extends CommitRepositories {
  target: ClaimedTarget;
  leaseMs: number;
  nowMs: () => number;
}

/** Calls of one packed request are answered together: their pages go into one transaction. */
const turnOfEventLoop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * Gathers the pages of one target and writes them in one transaction at a time: rows, walks,
 * counters and events together, or nothing. While one transaction runs, the next one gathers.
 */
export const createCommitter = (options: CommitterOptions): Committer => {
  let waiting: Waiting[] = [];
  let active: Promise<void> | null = null;
  let spent: CallSpending = { calls: 0, requests: 0, errors: 0 };
  let lastTickMs = Number.NEGATIVE_INFINITY;

  const takeSpent = (): CallSpending => {
    const taken = spent;
    spent = { calls: 0, requests: 0, errors: 0 };
    return taken;
  };

  const writeBatch = async (batch: Waiting[]): Promise<void> => {
    const expenses = takeSpent();
    const isTick = options.nowMs() - lastTickMs >= TICK_MS;
    try {
      const opened = await options.withTransaction(undefined, (transaction) =>
        writePages(
          options,
          batch.map(({ page }) => page),
          expenses,
          isTick,
          transaction,
        ),
      );
      if (isTick) lastTickMs = options.nowMs();
      const byPost = Map.groupBy(opened, (walk) => `${walk.postId}`);
      for (const { page, resolve } of batch) {
        // Each new walk is handed to one page only, the first that asked for it.
        const mine = page.newWalks.flatMap((walk) => {
          const found = byPost.get(`${walk.postId}`) ?? [];
          const index = found.findIndex(
            (open) => open.kind === walk.kind && open.rootId === walk.rootId,
          );
          return index < 0 ? [] : found.splice(index, 1);
        });
        resolve(mine);
      }
    } catch (cause) {
      for (const { reject } of batch) reject(cause);
    }
  };

  const drain = async (): Promise<void> => {
    await turnOfEventLoop();
    while (waiting.length > 0) await writeBatch(waiting.splice(0, PAGES_MAX));
    active = null;
  };

  return {
    commit: (page) =>
      new Promise((resolve, reject) => {
        waiting.push({ page, resolve, reject });
        active ??= drain();
      }),
    spend: (more) => {
      spent = {
        calls: spent.calls + more.calls,
        requests: spent.requests + more.requests,
        errors: spent.errors + more.errors,
      };
    },
    flush: async () => {
      await active;
      const expenses = takeSpent();
      await options.withTransaction(undefined, async (transaction) => {
        await writePages(options, [], expenses, true, transaction);
      });
    },
  };
};

/** Tables in one fixed order, rows in key order: two commits never wait for each other in a ring. */
const writePages = async (
  options: CommitterOptions,
  pages: PageCommit[],
  spent: CallSpending,
  isTick: boolean,
  transaction: Transaction,
): Promise<Walk[]> => {
  const { target, leaseMs, walkRepository, claimRepository } = options;
  await assertMine(options, transaction);
  const moved = await walkRepository.moveMany(
    pages.map(({ move }) => move),
    transaction,
  );
  if (moved.size < pages.length) throw new LostTargetError('A walk was moved by other hands.');
  const written = await writeRows(options, pages, transaction);
  const newWalks = pages.flatMap((page) => page.newWalks);
  const opened = await walkRepository.insertMany(target.id, newWalks, transaction);
  const postsExpected = pages.findLast((page) => page.postsExpected !== null)?.postsExpected;
  await claimRepository.addCounters(
    target,
    { ...written, ...walkCounters(pages, opened), ...spent },
    postsExpected ?? null,
    leaseMs,
    transaction,
  );
  if (isTick) await tellProgress(options, transaction);
  return opened;
};

const walkCounters = (
  pages: PageCommit[],
  walks: Walk[],
): Pick<TargetCounters, 'walksTotal' | 'walksDone'> => ({
  walksTotal: walks.length,
  walksDone: pages.filter(({ move }) => move.state !== 'open').length,
});

type RowCounters = Omit<
  TargetCounters,
  'walksTotal' | 'walksDone' | 'calls' | 'requests' | 'errors'
>;

const writeRows = async (
  options: CommitterOptions,
  pages: PageCommit[],
  transaction: Transaction,
): Promise<RowCounters> => {
  const { taskId } = options.target;
  const { posts, comments, authors, communities, emptied } = await guardRows(
    options,
    pages,
    transaction,
  );
  await options.communityRepository.upsertMany(communities, transaction);
  await options.authorRepository.upsertMany(authors, transaction);
  const seen = await options.postRepository.upsertMany(posts, transaction);
  await options.erasedRowRepository.posts.empty(emptied.posts, transaction);
  const upserted = await options.commentRepository.upsertMany(comments, transaction);
  await options.erasedRowRepository.comments.empty(emptied.comments, transaction);
  const gone = await markGone(options, pages, transaction);
  const linkedPosts = await options.taskLinksRepository.linkPosts(taskId, seen, transaction);
  const authorIds = [...posts, ...comments].flatMap(({ fromId }) => fromId ?? []);
  return {
    posts: linkedPosts,
    comments: pages.reduce((sum, page) => sum + page.commentsRead, 0),
    authors: await options.taskLinksRepository.linkAuthors(taskId, authorIds, transaction),
    newRows: seen.filter((post) => post.seen === 'new').length + upserted.inserted,
    changedRows: seen.filter((post) => post.seen === 'changed').length + upserted.changed,
    deletedRows: gone + upserted.deleted,
  };
};

/** The rows of the pages without erased people: the one place that records of VK pass to be stored. */
const guardRows = async (
  { erasureGuard }: CommitterOptions,
  pages: PageCommit[],
  transaction: Transaction,
): Promise<GuardedRows> => {
  const rows = {
    posts: pages.flatMap((page) => page.posts),
    comments: pages.flatMap((page) => page.comments),
    authors: pages.flatMap((page) => page.authors),
    communities: pages.flatMap((page) => page.communities),
  };
  const hasAny = Object.values(rows).some(({ length }) => length > 0);
  return eraseInRows(rows, hasAny ? await erasureGuard.hold(transaction) : null);
};

const markGone = async (
  { postRepository }: CommitterOptions,
  pages: PageCommit[],
  transaction: Transaction,
): Promise<number> => {
  let gone = 0;
  for (const { gonePost } of pages) {
    if (gonePost) gone += await postRepository.markDeleted(gonePost, transaction);
  }
  return gone;
};

const tellProgress = async (
  { target, taskRepository, taskEventRepository }: CommitterOptions,
  transaction: Transaction,
): Promise<void> => {
  const progress = await taskRepository.raiseProgress(target.taskId, transaction);
  await taskEventRepository.insert(
    { taskId: target.taskId, targetId: target.id, type: 'progress', data: { progress } },
    transaction,
  );
};

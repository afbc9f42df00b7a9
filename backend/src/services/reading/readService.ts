import type { AuthorRecord } from '@stenograf/contracts/exportRecords';
import { AppError } from '../../errors';
import type { WrittenFilter } from '../../repositories/authorFinder';
import type { AuthorReadRepository, WriterCounts } from '../../repositories/authorReadRepository';
import type {
  CommunityFilter,
  CommunityReadRepository,
  ReadCommunity,
  WallCounts,
} from '../../repositories/communityReadRepository';
import type {
  ReadComment,
  ReadPost,
  RecordReadRepository,
  Thread,
} from '../../repositories/recordReadRepository';
import type { Page } from '../../repositories/snapshots';
import type { RecordFilterQuery, RecordFilterService } from '../searching/recordFilterService';

export interface PostId {
  ownerId: number;
  id: number;
}

export interface PageRequest {
  after: number | null;
  limit: number;
}

/** Where and when somebody wrote. */
export type WrittenQuery = Pick<RecordFilterQuery, 'community' | 'since' | 'until'>;

/** Where a list of writers goes on. */
export interface AuthorPlace {
  after: number;
  /** When its first page was asked for, from which ages are counted. Milliseconds. */
  startedMs: number;
}

export interface AuthorListRequest {
  name: string | null;
  taskId: number | null;
  written: WrittenQuery;
  limit: number;
  place: AuthorPlace | null;
}

export interface AuthorPage {
  items: AuthorRecord[];
  next: AuthorPlace | null;
}

export interface RootComment extends Thread {
  root: ReadComment;
}

export interface ReadCommunityDetails extends ReadCommunity {
  fetchedAt: Date;
  counts: WallCounts;
}

/** Each throws AppError `not_found` for what is not stored. */
export interface ReadService {
  getPost(post: PostId): Promise<ReadPost>;
  /** Comments under a post in the order of writing; of one thread alone if its root is given. */
  listFlat(post: PostId, thread: number | null, page: PageRequest): Promise<Page<ReadComment>>;
  /** Root comments, each with the first of its replies. */
  listTree(post: PostId, page: PageRequest): Promise<Page<RootComment>>;
  listAuthors(request: AuthorListRequest): Promise<AuthorPage>;
  getAuthor(id: number): Promise<{ author: AuthorRecord; counts: WriterCounts }>;
  listCommunities(filter: CommunityFilter, page: PageRequest): Promise<Page<ReadCommunity>>;
  getCommunity(id: number): Promise<ReadCommunityDetails>;
}

interface ReadServiceDependencies {
  recordFilterService: RecordFilterService;
  recordReadRepository: RecordReadRepository;
  authorReadRepository: AuthorReadRepository;
  communityReadRepository: CommunityReadRepository;
  now?: () => Date;
}

/** Of one thread within a tree; the whole thread is a list of its own. */
const REPLIES_SHOWN = 20;

const toPage = (comments: ReadComment[], limit: number): Page<ReadComment> => {
  const items = comments.slice(0, limit);
  return {
    items,
    next: comments.length > limit ? (items.at(-1)?.record.id ?? null) : null,
  };
};

const NO_THREAD: Thread = { replies: [], total: 0 };

export const createReadService = ({
  recordFilterService,
  recordReadRepository,
  authorReadRepository,
  communityReadRepository,
  now = () => new Date(),
}: ReadServiceDependencies): ReadService => {
  const getPost = async ({ ownerId, id }: PostId): Promise<ReadPost> => {
    const [post] = await recordReadRepository.loadPosts([[0, ownerId, id]], null);
    if (post) return post;
    throw new AppError('not_found', `There is no post ${ownerId}_${id} here.`);
  };

  const listUnderPost = async (
    post: PostId,
    thread: number | 'roots' | null,
    { after, limit }: PageRequest,
  ): Promise<Page<ReadComment>> => {
    const key = { ownerId: post.ownerId, postId: post.id };
    const page = { thread, after, limit: limit + 1 };
    const comments = await recordReadRepository.listUnderPost(key, page);
    // Under what is not stored, nothing is: asked only then.
    if (comments.length === 0) await getPost(post);
    return toPage(comments, limit);
  };

  const assertTask = async (taskId: number | null): Promise<void> => {
    if (taskId === null || (await communityReadRepository.findOfTask(taskId, 0))) return;
    throw new AppError('not_found', `There is no task ${taskId}.`);
  };

  return {
    getPost,
    listFlat: listUnderPost,

    async listTree(post, page) {
      const { items, next } = await listUnderPost(post, 'roots', page);
      const rootIds = items.map(({ record }) => record.id);
      const threads = await recordReadRepository.loadThreads(post.ownerId, rootIds, REPLIES_SHOWN);
      return {
        items: items.map((root) => ({ root, ...(threads.get(root.record.id) ?? NO_THREAD) })),
        next,
      };
    },

    async listAuthors({ name, taskId, written: query, limit, place }) {
      await assertTask(taskId);
      const startedMs = place?.startedMs ?? now().getTime();
      const written = await resolveWritten(recordFilterService, query, new Date(startedMs));
      const filter = { name, taskId, written };
      const { items, next } = await authorReadRepository.list(filter, place?.after ?? null, limit);
      return { items, next: next === null ? null : { after: next, startedMs } };
    },

    async getAuthor(id) {
      const [author, counts] = await Promise.all([
        authorReadRepository.find(id),
        authorReadRepository.count(id),
      ]);
      const hasWritten = counts.posts + counts.comments > 0;
      if (!author && !hasWritten) throw new AppError('not_found', `Nobody here has the id ${id}.`);
      return { author: author ?? unknownAuthor(id), counts };
    },

    async listCommunities(filter, { after, limit }) {
      await assertTask(filter.taskId);
      return communityReadRepository.list(filter, after, limit);
    },

    async getCommunity(id) {
      const [community, counts] = await Promise.all([
        communityReadRepository.find(id),
        communityReadRepository.count(id),
      ]);
      if (community) return { ...community, counts };
      throw new AppError('not_found', `There is no community ${id} here.`);
    },
  };
};

const resolveWritten = async (
  recordFilterService: RecordFilterService,
  query: WrittenQuery,
  at: Date,
): Promise<WrittenFilter | null> => {
  if (Object.keys(query).length === 0) return null;
  return (await recordFilterService.resolve('comments', query, at)).filter;
};

/** Somebody who wrote, and of whom VK has told nothing. */
const unknownAuthor = (id: number): AuthorRecord => ({
  kind: 'author',
  id,
  name: null,
  first_name: null,
  last_name: null,
  screen_name: null,
  deactivated: null,
});

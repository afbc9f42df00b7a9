import type { TimelineUnit } from '@stenograf/contracts/reading';
import { AppError, invalidParameter } from '../../errors';
import type { CommunityReadRepository } from '../../repositories/communityReadRepository';
import type {
  Bucket,
  CountedRecords,
  CountedWall,
  CountedWriter,
  HeatCell,
  StatsRepository,
} from '../../repositories/statsRepository';
import type { Page } from '../../repositories/snapshots';
import type { QueryNote } from '../searching/parseQuery';
import type { RecordFilterQuery, RecordFilterService } from '../searching/recordFilterService';
import type { PageRequest } from './readService';

export interface Counted<Result> {
  result: Result;
  notes: QueryNote[];
}

/** Each throws AppError `not_found` for a task that does not exist, `query_too_slow`. */
export interface StatsService {
  timeline(
    query: RecordFilterQuery,
    by: { unit: TimelineUnit; zone: string },
  ): Promise<Counted<Bucket[]>>;
  heatmap(query: RecordFilterQuery, zone: string): Promise<Counted<HeatCell[]>>;
  topAuthors(
    query: RecordFilterQuery,
    by: { kind: 'posts' | 'comments'; limit: number },
  ): Promise<Counted<CountedWriter[]>>;
  /** Communities whose walls were read, by id, or those that are named. */
  walls(
    query: Pick<RecordFilterQuery, 'community' | 'since' | 'until'>,
    page: PageRequest,
  ): Promise<Page<CountedWall>>;
}

interface StatsServiceDependencies {
  recordFilterService: RecordFilterService;
  statsRepository: StatsRepository;
  communityReadRepository: CommunityReadRepository;
  now?: () => Date;
}

const BUCKETS_MAX = 10_000;

export const createStatsService = ({
  recordFilterService,
  statsRepository,
  communityReadRepository,
  now = () => new Date(),
}: StatsServiceDependencies): StatsService => {
  /** One query, understood for posts and for comments. */
  const resolve = async (
    query: RecordFilterQuery,
  ): Promise<{ records: CountedRecords; notes: QueryNote[] }> => {
    const { task } = query;
    if (task !== undefined && (await communityReadRepository.findOfTask(task, 0)) === null) {
      throw new AppError('not_found', `There is no task ${task}.`);
    }
    const at = now();
    const [posts, comments] = [
      await recordFilterService.resolve('posts', query, at),
      await recordFilterService.resolve('comments', query, at),
    ];
    const records = { posts: posts.filter, comments: comments.filter };
    // A flag of one of the two is no mistake here: it leaves the other out.
    const notes = posts.notes.filter(({ code }) => code !== 'flag_of_other_list');
    return { records, notes };
  };

  return {
    async timeline(query, { unit, zone }) {
      const { records, notes } = await resolve(query);
      const by = { unit, zone, bucketsMax: BUCKETS_MAX + 1 };
      const result = await statsRepository.timeline(records, by);
      if (result.length <= BUCKETS_MAX) return { result, notes };
      const detail = `Makes more than ${BUCKETS_MAX} buckets; take a longer unit or fewer days.`;
      throw invalidParameter('unit', detail);
    },

    async heatmap(query, zone) {
      const { records, notes } = await resolve(query);
      return { result: await statsRepository.heatmap(records, zone), notes };
    },

    async topAuthors(query, by) {
      const { records, notes } = await resolve(query);
      return { result: await statsRepository.topAuthors(records, by), notes };
    },

    async walls({ community, since, until }, { after, limit }) {
      const { filter } = await recordFilterService.resolve(
        'posts',
        { ...(since === undefined ? {} : { since }), ...(until === undefined ? {} : { until }) },
        now(),
      );
      const { items, next } =
        community === undefined
          ? await communityReadRepository.list(
              { name: null, taskId: null, isCollected: true },
              after,
              limit,
            )
          : { items: null, next: null };
      const communityIds = items ? items.map(({ record }) => record.id) : (community ?? []);
      return { items: await statsRepository.walls({ ...filter, communityIds }), next };
    },
  };
};

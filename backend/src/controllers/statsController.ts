import { presentFound, presentPost } from '../presenters/recordPresenter';
import { presentNotes } from '../presenters/searchNotes';
import {
  presentCommunityStats,
  presentHeatmap,
  presentTimeline,
  presentTopAuthor,
} from '../presenters/statsPresenter';
import { presentPage } from '../presenters/taskPresenter';
import type {
  CommunityStatsQuery,
  HeatmapQuery,
  TimelineQuery,
  TopAuthorsQuery,
  TopPostsQuery,
} from '../schemas/readSchemas';
import type { RecordListService } from '../services/reading/recordListService';
import type { StatsService } from '../services/reading/statsService';
import type { Controller } from './route';

export interface StatsController {
  timeline: Controller<object, TimelineQuery>;
  heatmap: Controller<object, HeatmapQuery>;
  topAuthors: Controller<object, TopAuthorsQuery>;
  topPosts: Controller<object, TopPostsQuery>;
  communities: Controller<object, CommunityStatsQuery>;
}

/** A top is the first page of the list in that order. */
const SORTS = {
  likes: '-likes',
  comments: '-comments',
  reposts: '-reposts',
  views: '-views',
} as const;

export const createStatsController = ({
  statsService,
  recordListService,
}: {
  statsService: StatsService;
  recordListService: RecordListService;
}): StatsController => ({
  async timeline({ query: { unit, zone, ...query }, language }, response) {
    const by = { unit, zone };
    response.json(presentTimeline(await statsService.timeline(query, by), by, language));
  },
  async heatmap({ query: { zone, ...query }, language }, response) {
    response.json(presentHeatmap(await statsService.heatmap(query, zone), zone, language));
  },
  async topAuthors({ query: { by: kind, limit, ...query }, language }, response) {
    const { result, notes } = await statsService.topAuthors(query, { kind, limit });
    response.json({ items: result.map(presentTopAuthor), notes: presentNotes(notes, language) });
  },
  async topPosts({ query: { by, limit, ...query }, language }, response) {
    const request = { query, sort: SORTS[by], limit, place: null };
    const page = await recordListService.listPosts(request);
    const seal = (): string => '';
    const { items, notes } = presentFound(page, presentPost, { seal, language });
    response.json({ items, notes });
  },
  async communities({ query: { limit, cursor, ...query }, seal }, response) {
    const page = await statsService.walls(query, { after: cursor ?? null, limit });
    response.json(presentPage(page, presentCommunityStats, seal));
  },
});

import { defineRoute, type Route } from './controllers/route';
import type { ReadController } from './controllers/readController';
import type { StatsController } from './controllers/statsController';
import { idParams } from './schemas/parameters';
import {
  authorListQuery,
  commentListQuery,
  communityListQuery,
  communityStatsQuery,
  heatmapQuery,
  postListQuery,
  postParams,
  signedIdParams,
  timelineQuery,
  topAuthorsQuery,
  topPostsQuery,
  underPostQuery,
} from './schemas/readSchemas';

export interface ReadControllers {
  reading: ReadController;
  stats: StatsController;
}

const get = { method: 'get', scope: 'read' } as const;

const createListRoutes = (reading: ReadController): Route[] => [
  defineRoute({
    ...get,
    path: '/api/v1/posts',
    query: postListQuery,
    controller: reading.listPosts,
  }),
  defineRoute({
    ...get,
    path: '/api/v1/posts/:owner_id/:id',
    params: postParams,
    controller: reading.getPost,
  }),
  defineRoute({
    ...get,
    path: '/api/v1/posts/:owner_id/:id/comments',
    params: postParams,
    query: underPostQuery,
    controller: reading.listUnderPost,
  }),
  defineRoute({
    ...get,
    path: '/api/v1/comments',
    query: commentListQuery,
    controller: reading.listComments,
  }),
  defineRoute({
    ...get,
    path: '/api/v1/authors',
    query: authorListQuery,
    controller: reading.listAuthors,
  }),
  defineRoute({
    ...get,
    path: '/api/v1/authors/:id',
    params: signedIdParams,
    controller: reading.getAuthor,
  }),
  defineRoute({
    ...get,
    path: '/api/v1/communities',
    query: communityListQuery,
    controller: reading.listCommunities,
  }),
  defineRoute({
    ...get,
    path: '/api/v1/communities/:id',
    params: idParams,
    controller: reading.getCommunity,
  }),
];

/** Reading what was collected: lists, single records, statistics. */
export const createReadRoutes = ({ reading, stats }: ReadControllers): Route[] => [
  ...createListRoutes(reading),
  defineRoute({
    ...get,
    path: '/api/v1/stats/timeline',
    query: timelineQuery,
    controller: stats.timeline,
  }),
  defineRoute({
    ...get,
    path: '/api/v1/stats/heatmap',
    query: heatmapQuery,
    controller: stats.heatmap,
  }),
  defineRoute({
    ...get,
    path: '/api/v1/stats/top-authors',
    query: topAuthorsQuery,
    controller: stats.topAuthors,
  }),
  defineRoute({
    ...get,
    path: '/api/v1/stats/top-posts',
    query: topPostsQuery,
    controller: stats.topPosts,
  }),
  defineRoute({
    ...get,
    path: '/api/v1/stats/communities',
    query: communityStatsQuery,
    controller: stats.communities,
  }),
];

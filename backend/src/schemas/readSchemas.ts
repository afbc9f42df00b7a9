import {
  COMMENT_SORTS,
  POST_SORTS,
  TIMELINE_UNITS,
  type CommentSort,
  type PostSort,
  type TimelineUnit,
} from '@stenograf/contracts/reading';
import Joi from 'joi';
import type { AuthorPlace, WrittenQuery } from '../services/reading/readService';
import type { ListPlace } from '../services/reading/recordListService';
import type { RecordFilterQuery } from '../services/searching/recordFilterService';
import { cleanText } from '../utils/text';
import { idParameter, pageParameters, readText, scopeDates } from './parameters';
import { commentFilters, commonFilters, communities, postFilters } from './recordFilterSchemas';

/** A page of a list whose places are `Place`. */
interface Paged<Place> {
  limit: number;
  cursor?: Place;
}

const NAME_LENGTH_MAX = 100;
const TOP_MAX = 100;
const TOP_DEFAULT = 20;
const ZONE_LENGTH_MAX = 64;

const parseWholeNumber = (text: string): number | null => {
  const id = /^-?[1-9]\d{0,15}$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(id) ? id : null;
};

/** People above zero, communities below. */
const signedId = readText(parseWholeNumber, 'Must be an id: a whole number that is not 0.');

export interface PostParams {
  owner_id: number;
  id: number;
}
export const postParams = Joi.object<PostParams>({
  owner_id: signedId.required(),
  id: idParameter.required(),
});

export const signedIdParams = Joi.object<{ id: number }>({ id: signedId.required() });

export type PostListQuery = RecordFilterQuery & Paged<ListPlace> & { sort: PostSort };
export const postListQuery = Joi.object<PostListQuery>({
  ...postFilters,
  ...pageParameters,
  sort: Joi.string()
    .valid(...POST_SORTS)
    .default('-date'),
});

export type CommentListQuery = RecordFilterQuery & Paged<ListPlace> & { sort: CommentSort };
export const commentListQuery = Joi.object<CommentListQuery>({
  ...commentFilters,
  ...pageParameters,
  sort: Joi.string()
    .valid(...COMMENT_SORTS)
    .default('-date'),
});

export interface UnderPostQuery extends Paged<number> {
  view: 'tree' | 'flat';
  /** The root comment whose replies are meant; flat only. */
  thread?: number;
}
export const underPostQuery = Joi.object<UnderPostQuery>({
  ...pageParameters,
  view: Joi.string().valid('tree', 'flat').default('tree'),
  thread: idParameter.when('view', { is: 'flat', otherwise: Joi.forbidden() }).messages({
    'any.unknown': 'Goes with view=flat alone.',
  }),
});

const name = Joi.string()
  .max(NAME_LENGTH_MAX)
  .custom((text: string) => cleanText(text));

export interface AuthorListQuery extends Paged<AuthorPlace>, WrittenQuery {
  q?: string;
  task?: number;
}
export const authorListQuery = Joi.object<AuthorListQuery>({
  ...pageParameters,
  q: name,
  task: idParameter,
  community: communities,
  ...scopeDates,
});

export interface CommunityListQuery extends Paged<number> {
  q?: string;
  task?: number;
  collected?: boolean;
}
const FLAGS: Readonly<Record<string, boolean>> = { true: true, false: false };
const flag = Joi.string()
  .custom((text: string, helpers) => FLAGS[text] ?? helpers.error('flag.unreadable'))
  .messages({ 'flag.unreadable': 'Must be true or false.' });

export const communityListQuery = Joi.object<CommunityListQuery>({
  ...pageParameters,
  q: name,
  task: idParameter,
  collected: flag,
});

const isZone = (text: string): boolean => {
  // Offsets are left out: PostgreSQL takes the sign of `+03` the other way round.
  if (text.length > ZONE_LENGTH_MAX || !/^[A-Za-z][\w+\-/]*$/.test(text)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
};
const zone = readText(
  (text) => (isZone(text) ? text : null),
  'Must be a time zone, such as Europe/Moscow.',
).default('UTC');

export interface TimelineQuery extends RecordFilterQuery {
  unit: TimelineUnit;
  zone: string;
}
export const timelineQuery = Joi.object<TimelineQuery>({
  ...commonFilters,
  unit: Joi.string()
    .valid(...TIMELINE_UNITS)
    .default('day'),
  zone,
});

export type HeatmapQuery = RecordFilterQuery & { zone: string };
export const heatmapQuery = Joi.object<HeatmapQuery>({ ...commonFilters, zone });

const parseTop = (text: string): number | null => {
  const count = parseWholeNumber(text);
  return count !== null && count > 0 && count <= TOP_MAX ? count : null;
};
const top = readText(parseTop, `Must be a whole number from 1 to ${TOP_MAX}.`).default(TOP_DEFAULT);

export type TopAuthorsQuery = RecordFilterQuery & { limit: number; by: 'comments' | 'posts' };
export const topAuthorsQuery = Joi.object<TopAuthorsQuery>({
  ...commonFilters,
  limit: top,
  by: Joi.string().valid('comments', 'posts').default('comments'),
});

export const TOP_POSTS_BY = ['likes', 'comments', 'reposts', 'views'] as const;
export type TopPostsQuery = RecordFilterQuery & {
  limit: number;
  by: (typeof TOP_POSTS_BY)[number];
};
export const topPostsQuery = Joi.object<TopPostsQuery>({
  ...commonFilters,
  limit: top,
  by: Joi.string()
    .valid(...TOP_POSTS_BY)
    .default('likes'),
});

export interface CommunityStatsQuery extends Paged<number> {
  community?: number[];
  since?: string;
  until?: string;
}
export const communityStatsQuery = Joi.object<CommunityStatsQuery>({
  ...pageParameters,
  community: communities,
  ...scopeDates,
});

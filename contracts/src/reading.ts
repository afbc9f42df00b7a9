import type { ListDto } from './api';
import type { AuthorRecord, CommentRecord, CommunityRecord, PostRecord } from './exportRecords';

/** JSON of the routes that read what was collected: lists, search, statistics. */

/** What a post or comment may have with it, in VK's words, and three kinds of our own. */
export const HAS_KINDS = [
  /** Anything attached. */
  'attachments',
  /** A link, in the text or attached. */
  'links',
  /** A place; posts only. */
  'geo',
  'photo',
  'posted_photo',
  'video',
  'clip',
  'audio',
  'audio_playlist',
  'podcast',
  'doc',
  'link',
  'poll',
  'article',
  'note',
  'page',
  'album',
  'graffiti',
  'sticker',
  'market',
  'market_album',
  'event',
] as const;
export type HasKind = (typeof HAS_KINDS)[number];

/** `owner`: written by the community whose wall it stands on. */
export const POST_FLAGS = ['deleted', 'pinned', 'ad', 'repost', 'edited', 'owner'] as const;
/** `root` and `reply` are the two kinds of comments. */
export const COMMENT_FLAGS = ['deleted', 'reply', 'root', 'owner'] as const;
export type RecordFlag = (typeof POST_FLAGS)[number] | (typeof COMMENT_FLAGS)[number];

/** Newest first is the default. A list by a count holds what has at least one. */
export const POST_SORTS = ['-date', 'date', '-likes', '-comments', '-reposts', '-views'] as const;
export const COMMENT_SORTS = ['-date', 'date', '-likes'] as const;
export type PostSort = (typeof POST_SORTS)[number];
export type CommentSort = (typeof COMMENT_SORTS)[number];

/** Who wrote something: a person above zero, a community below. */
export interface WriterDto {
  id: number;
  /** null if nobody told it yet. */
  name: string | null;
  screen_name: string | null;
}

/**
 * A piece of text; `hit` where it is what was searched for. It is plain text, which may hold what
 * looks like markup: escape it before it is shown in a page.
 */
export interface SnippetPart {
  text: string;
  hit: boolean;
}

interface FoundDto {
  author: WriterDto | null;
  /** Where the words of `q` stand in the text; null without `q`. */
  snippet: SnippetPart[] | null;
}

export interface PostDto extends PostRecord, FoundDto {}
export interface CommentDto extends CommentRecord, FoundDto {}

/** A root comment with its thread. */
export interface CommentTreeDto extends CommentDto {
  /** The first 20, oldest first. */
  replies: CommentDto[];
  /** Of the whole thread; `view=flat&thread=ID` lists it. */
  replies_total: number;
}

/** What was understood of a query otherwise than it may have been meant. */
export interface SearchNote {
  code: SearchNoteCode;
  /** The part of the query it is about. */
  part: string | null;
  /** A sentence in the reader's language. */
  text: string;
}

export const SEARCH_NOTE_CODES = [
  'nothing_to_search',
  'common_words',
  'only_exclusions',
  'searched_parts',
  'filter_unreadable',
  'name_unknown',
  'name_too_common',
  'flag_of_other_list',
  'operator_ignored',
  'query_cut',
] as const;
export type SearchNoteCode = (typeof SEARCH_NOTE_CODES)[number];

/**
 * A page of what was collected. It may hold fewer items than asked for, even none, while `next`
 * is set: then so many rows were looked through that the rest is left to the next page.
 */
export interface FoundListDto<T> extends ListDto<T> {
  /** What was done with `q`; empty where it was taken as it is written. */
  notes: SearchNote[];
}

export interface CommunityDto extends CommunityRecord {
  /** Where it is on vk.com. */
  url: string;
  /** Whether its wall was read: it has posts here. */
  collected: boolean;
}

/** One community with what is stored of its wall. */
export interface CommunityDetailsDto extends CommunityDto {
  posts: number;
  comments: number;
  first_post_at: string | null;
  last_post_at: string | null;
  fetched_at: string;
}

export interface AuthorDto extends AuthorRecord {
  url: string;
}

/** A person, or (below zero) a community as one who writes. */
export interface AuthorDetailsDto extends AuthorDto {
  posts: number;
  comments: number;
  first_at: string | null;
  last_at: string | null;
}

export const TIMELINE_UNITS = ['hour', 'day', 'week', 'month'] as const;
export type TimelineUnit = (typeof TIMELINE_UNITS)[number];

export interface TimelineDto {
  unit: TimelineUnit;
  zone: string;
  /** Oldest first; only those with anything in them. `start` is a local time of the zone. */
  buckets: { start: string; posts: number; comments: number }[];
  notes: SearchNote[];
}

export interface HeatmapDto {
  zone: string;
  /** 7 × 24: Monday first, hour 0 first. */
  posts: number[][];
  comments: number[][];
  notes: SearchNote[];
}

export interface TopAuthorDto extends WriterDto {
  posts: number;
  comments: number;
}

export interface CommunityStatsDto {
  id: number;
  name: string | null;
  screen_name: string | null;
  posts: number;
  comments: number;
  /** Sums over its posts, VK's numbers. */
  likes: number;
  reposts: number;
  views: number;
  first_post_at: string | null;
  last_post_at: string | null;
}

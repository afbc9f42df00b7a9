import type {
  CommunityStatsDto,
  HeatmapDto,
  TimelineDto,
  TimelineUnit,
  TopAuthorDto,
} from '@stenograf/contracts/reading';
import type { Language } from '@stenograf/contracts/reasons';
import type { Bucket, CountedWall, CountedWriter, HeatCell } from '../repositories/statsRepository';
import type { Counted } from '../services/reading/statsService';
import { presentNotes } from './searchNotes';

const DAYS = 7;
const HOURS = 24;

const time = (date: Date | null): string | null => date?.toISOString() ?? null;

export const presentTimeline = (
  { result, notes }: Counted<Bucket[]>,
  { unit, zone }: { unit: TimelineUnit; zone: string },
  language: Language,
): TimelineDto => ({ unit, zone, buckets: result, notes: presentNotes(notes, language) });

const toGrid = (cells: readonly HeatCell[], count: 'posts' | 'comments'): number[][] => {
  const grid = Array.from({ length: DAYS }, () => Array.from({ length: HOURS }, () => 0));
  for (const cell of cells) {
    const row = grid[cell.day];
    if (row) row[cell.hour] = cell[count];
  }
  return grid;
};

export const presentHeatmap = (
  { result, notes }: Counted<HeatCell[]>,
  zone: string,
  language: Language,
): HeatmapDto => ({
  zone,
  posts: toGrid(result, 'posts'),
  comments: toGrid(result, 'comments'),
  notes: presentNotes(notes, language),
});

export const presentTopAuthor = (writer: CountedWriter): TopAuthorDto => ({
  id: writer.id,
  name: writer.name,
  screen_name: writer.screenName,
  posts: writer.posts,
  comments: writer.comments,
});

export const presentCommunityStats = (wall: CountedWall): CommunityStatsDto => ({
  id: wall.id,
  name: wall.name,
  screen_name: wall.screenName,
  posts: wall.posts,
  comments: wall.comments,
  likes: wall.likes,
  reposts: wall.reposts,
  views: wall.views,
  first_post_at: time(wall.firstPostAt),
  last_post_at: time(wall.lastPostAt),
});

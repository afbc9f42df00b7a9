import type { AuthorRecord, CommentRecord, PostRecord } from '@stenograf/contracts/exportRecords';
import type {
  AuthorDetailsDto,
  AuthorDto,
  CommentDto,
  CommentTreeDto,
  CommunityDetailsDto,
  CommunityDto,
  FoundListDto,
  PostDto,
  SnippetPart,
} from '@stenograf/contracts/reading';
import type { Language } from '@stenograf/contracts/reasons';
import type { WriterCounts } from '../repositories/authorReadRepository';
import type { ReadCommunity } from '../repositories/communityReadRepository';
import type { ReadRecord } from '../repositories/recordReadRepository';
import type { ReadCommunityDetails, RootComment } from '../services/reading/readService';
import type { FoundPage } from '../services/reading/recordListService';
import { presentNotes } from './searchNotes';

type Read<Rec> = ReadRecord<Rec> & { snippet?: SnippetPart[] | null };

const time = (date: Date | null): string | null => date?.toISOString() ?? null;

const present = <Rec extends object>({ record, author, snippet = null }: Read<Rec>) => ({
  ...record,
  author,
  snippet,
});

export const presentPost = (read: Read<PostRecord>): PostDto => present(read);
export const presentComment = (read: Read<CommentRecord>): CommentDto => present(read);

export const presentRoot = ({ root, replies, total }: RootComment): CommentTreeDto => ({
  ...presentComment(root),
  replies: replies.map(presentComment),
  replies_total: total,
});

export const presentFound = <R extends ReadRecord<unknown>, Dto>(
  { items, next, notes }: FoundPage<R>,
  presentItem: (read: FoundPage<R>['items'][number]) => Dto,
  { seal, language }: { seal: (place: unknown) => string; language: Language },
): FoundListDto<Dto> => ({
  items: items.map(presentItem),
  next: next === null ? null : seal(next),
  notes: presentNotes(notes, language),
});

const pageOf = (id: number): string => `https://vk.com/${id > 0 ? `id${id}` : `club${-id}`}`;

export const presentAuthor = (author: AuthorRecord): AuthorDto => ({
  ...author,
  url: pageOf(author.id),
});

export const presentAuthorDetails = (
  author: AuthorRecord,
  { posts, comments, firstAt, lastAt }: WriterCounts,
): AuthorDetailsDto => ({
  ...presentAuthor(author),
  posts,
  comments,
  first_at: time(firstAt),
  last_at: time(lastAt),
});

export const presentCommunity = ({ record, isCollected }: ReadCommunity): CommunityDto => ({
  ...record,
  url: pageOf(-record.id),
  collected: isCollected,
});

export const presentCommunityDetails = ({
  counts,
  fetchedAt,
  ...community
}: ReadCommunityDetails): CommunityDetailsDto => ({
  ...presentCommunity(community),
  posts: counts.posts,
  comments: counts.comments,
  first_post_at: time(counts.firstPostAt),
  last_post_at: time(counts.lastPostAt),
  fetched_at: fetchedAt.toISOString(),
});

import type {
  ApiKeyDto,
  ChangePasswordBody,
  CreateApiKeyBody,
  CreateUserBody,
  ErasureDto,
  IssuedApiKeyDto,
  SessionDto,
  SetPasswordBody,
  SignInBody,
  SignInLinkDto,
  UpdateUserBody,
  UserDto,
} from './access';
import type {
  AddVkTokenBody,
  CreateTaskBody,
  HealthDto,
  ImportDto,
  ListDto,
  PlanDto,
  QuotaDto,
  RotationDto,
  ServiceDto,
  TargetDto,
  TaskDto,
  TaskEventDto,
  VkTokenCheckDto,
  VkTokenDto,
  WalkDto,
} from './api';
import type {
  AuthorDetailsDto,
  AuthorDto,
  CommentDto,
  CommentSort,
  CommentTreeDto,
  CommunityDetailsDto,
  CommunityDto,
  CommunityStatsDto,
  FoundListDto,
  HasKind,
  HeatmapDto,
  PostDto,
  PostSort,
  RecordFlag,
  SearchNote,
  TimelineDto,
  TimelineUnit,
  TopAuthorDto,
} from './reading';

/** What every list takes. */
export interface PageQuery {
  /** 1 to 500; 50 if not given. */
  limit?: number;
  /** `next` of the page before. */
  cursor?: string;
}

interface ById {
  id: number;
}

interface PostKey {
  owner_id: number;
  id: number;
}

/** What chooses posts and comments alike. */
export interface RecordFilters {
  task?: number;
  community?: (number | string)[];
  author?: number[];
  since?: string;
  until?: string;
  q?: string;
  has?: HasKind[];
}

export interface FlaggedFilters extends RecordFilters {
  is?: RecordFlag[];
  min_likes?: number;
}

interface Force {
  /** Also where nobody would be left who may undo it. */
  force?: boolean;
}

/** A list with what was understood of the query. */
interface TopDto<T> {
  items: T[];
  notes: SearchNote[];
}

type NoContent = null;

/**
 * Every operation of the HTTP API that speaks JSON, by method and path below /api/v1: what it takes
 * and what it answers when it succeeds. Programs call them through `createClient`; the OpenAPI
 * document takes its replies from here.
 */
export interface Operations {
  'POST /tasks': { body: CreateTaskBody; reply: TaskDto };
  'POST /tasks/plan': { body: CreateTaskBody; reply: PlanDto };
  'GET /tasks': { query: PageQuery; reply: ListDto<TaskDto> };
  'GET /tasks/:id': { params: ById; reply: TaskDto };
  'POST /tasks/:id/pause': { params: ById; reply: TaskDto };
  'POST /tasks/:id/resume': { params: ById; reply: TaskDto };
  'POST /tasks/:id/cancel': { params: ById; reply: TaskDto };
  'POST /tasks/:id/retry': { params: ById; reply: TaskDto };
  'DELETE /tasks/:id': { params: ById; reply: NoContent };
  'GET /tasks/:id/targets': { params: ById; query: PageQuery; reply: ListDto<TargetDto> };
  'GET /tasks/:id/walks': { params: ById; query: PageQuery; reply: ListDto<WalkDto> };
  'GET /tasks/:id/events': { params: ById; query: PageQuery; reply: ListDto<TaskEventDto> };

  'POST /communities/import': { body: { text: string }; reply: ImportDto };
  'GET /communities': {
    query: PageQuery & { q?: string; task?: number; collected?: boolean };
    reply: ListDto<CommunityDto>;
  };
  'GET /communities/:id': { params: ById; reply: CommunityDetailsDto };

  'GET /posts': {
    query: PageQuery & FlaggedFilters & { sort?: PostSort };
    reply: FoundListDto<PostDto>;
  };
  'GET /posts/:owner_id/:id': { params: PostKey; reply: PostDto };
  'GET /posts/:owner_id/:id/comments': {
    params: PostKey;
    query: PageQuery & { view?: 'tree' | 'flat'; thread?: number };
    reply: ListDto<CommentTreeDto> | ListDto<CommentDto>;
  };
  'GET /comments': {
    query: PageQuery & FlaggedFilters & { sort?: CommentSort };
    reply: FoundListDto<CommentDto>;
  };
  'GET /authors': {
    query: PageQuery & Pick<RecordFilters, 'q' | 'task' | 'community' | 'since' | 'until'>;
    reply: ListDto<AuthorDto>;
  };
  'GET /authors/:id': { params: ById; reply: AuthorDetailsDto };
  'GET /authors/:id/erasure': { params: ById; reply: ErasureDto };
  'DELETE /authors/:id': { params: ById; reply: ErasureDto };

  'GET /stats/timeline': {
    query: RecordFilters & { unit?: TimelineUnit; zone?: string };
    reply: TimelineDto;
  };
  'GET /stats/heatmap': { query: RecordFilters & { zone?: string }; reply: HeatmapDto };
  'GET /stats/top-authors': {
    query: RecordFilters & { limit?: number; by?: 'comments' | 'posts' };
    reply: TopDto<TopAuthorDto>;
  };
  'GET /stats/top-posts': {
    query: RecordFilters & { limit?: number; by?: 'likes' | 'comments' | 'reposts' | 'views' };
    reply: TopDto<PostDto>;
  };
  'GET /stats/communities': {
    query: PageQuery & Pick<RecordFilters, 'community' | 'since' | 'until'>;
    reply: ListDto<CommunityStatsDto>;
  };

  'GET /vk-tokens': { query: PageQuery; reply: ListDto<VkTokenDto> };
  'POST /vk-tokens': { body: AddVkTokenBody; reply: VkTokenDto };
  'POST /vk-tokens/rotate': { reply: RotationDto };
  'GET /vk-tokens/:id': { params: ById; reply: VkTokenDto };
  'DELETE /vk-tokens/:id': { params: ById; reply: NoContent };
  'POST /vk-tokens/:id/check': { params: ById; reply: VkTokenCheckDto };
  'GET /quota': { reply: ListDto<QuotaDto> };

  'POST /api-keys': { body: CreateApiKeyBody; reply: IssuedApiKeyDto };
  'GET /api-keys': { query: PageQuery; reply: ListDto<ApiKeyDto> };
  'DELETE /api-keys/:id': { params: ById; query: Force; reply: NoContent };
  'POST /users': { body: CreateUserBody; reply: UserDto };
  'GET /users': { query: PageQuery; reply: ListDto<UserDto> };
  'GET /users/:id': { params: ById; reply: UserDto };
  'PATCH /users/:id': { params: ById; query: Force; body: UpdateUserBody; reply: UserDto };
  'POST /users/:id/password': { params: ById; body: SetPasswordBody; reply: NoContent };
  'POST /users/:id/link': { params: ById; reply: SignInLinkDto };
  'POST /session': { body: SignInBody; reply: SessionDto };
  'GET /session': { reply: SessionDto };
  'DELETE /session': { reply: NoContent };
  'POST /session/password': { body: ChangePasswordBody; reply: SessionDto };

  'GET /service': { reply: ServiceDto };
  'GET /health/live': { reply: HealthDto };
  'GET /health/ready': { reply: HealthDto };
}

export type OperationName = keyof Operations;

import type { ErrorCode } from './errorCodes';
import type { ReasonKind } from './reasons';
import type {
  TargetStatus,
  TaskStatus,
  TokenKind,
  TokenSource,
  TokenStatus,
  WaitingFor,
  WalkKind,
  WalkState,
} from './statuses';

/** JSON of the HTTP API, /api/v1. Names are snake_case on the wire; times are ISO 8601, UTC. */

export const WALL_FILTERS = ['all', 'owner', 'others'] as const;
export type WallFilter = (typeof WALL_FILTERS)[number];

/** Most references that one task takes. */
export const COMMUNITIES_MAX = 10_000;

export interface CreateTaskBody {
  /** Any form a person would paste: links, short names, ids, mentions, post links. */
  communities: string[];
  posts?: {
    /** The newest N posts of each community; absent = all. */
    limit?: number;
    /** ISO date or time, or an age such as `30d`; inclusive. */
    since?: string;
    until?: string;
    filter?: WallFilter;
  };
  comments?: { collect?: boolean; threads?: boolean };
  /** 1 (first) to 10 (last); default 5. */
  priority?: number;
  name?: string;
}

export interface Metrics {
  posts: number;
  /** Root comments, replies and stubs. */
  comments: number;
  authors: number;
  new: number;
  changed: number;
  deleted: number;
  /** Method calls that VK dealt with, not those of requests turned away for a token or the pace. */
  calls: number;
  /** HTTP requests to VK; one `execute` request carries up to 25 calls. */
  requests: number;
  errors: number;
}

export interface TaskDto {
  id: number;
  name: string | null;
  status: TaskStatus;
  waiting_for: WaitingFor | null;
  waiting_until: string | null;
  reason: string | null;
  scope: {
    posts: {
      limit: number | null;
      since: string | null;
      until: string | null;
      filter: WallFilter;
    };
    comments: { collect: boolean; threads: boolean };
  };
  priority: number;
  /** Targets by status; every status is present. */
  targets: Record<TargetStatus, number> & { total: number };
  /** Share of the known work that is done, 0 to 1; never falls. */
  progress: number;
  metrics: Metrics;
  ledger: LedgerSum;
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
}

/** VK's counts against ours, summed over walks that reached the end of their list. */
export interface LedgerSum {
  walks: number;
  vk_count: number;
  stored: number;
  stubs: number;
  vanished: number;
  unlisted: number;
}

export interface TargetDto {
  id: number;
  /** What was pasted first. */
  ref: string;
  /** Every pasted form that meant the same. */
  refs: string[];
  community_id: number | null;
  post_id: number | null;
  name: string | null;
  status: TargetStatus;
  kind: ReasonKind | null;
  /** VK's error code, if VK gave one. */
  code: number | null;
  /** A sentence in the reader's language. */
  reason: string | null;
  waiting_for: WaitingFor | null;
  waiting_until: string | null;
  metrics: Metrics;
  ledger: LedgerSum;
  /** Posts and walks that could not be read, the first 20. */
  problems: WalkProblemDto[];
}

export interface WalkProblemDto {
  walk: WalkKind;
  state: WalkState;
  owner_id: number;
  post_id: number | null;
  thread_root_id: number | null;
  kind: ReasonKind;
  code: number | null;
  reason: string;
}

/** One list that a task reads, and its ledger: VK's count of it against what was read. */
export interface WalkDto {
  id: number;
  target_id: number;
  walk: WalkKind;
  state: WalkState;
  owner_id: number;
  post_id: number | null;
  thread_root_id: number | null;
  /** In VK's last reply; null where it told none, or was not asked. */
  vk_count: number | null;
  stored: number;
  stubs: number;
  vanished: number;
  /** null where the list was not read to its end. */
  unlisted: number | null;
  kind: ReasonKind | null;
  code: number | null;
  reason: string | null;
}

export interface TaskEventDto {
  /** Within its task, from 1, without gaps. */
  id: number;
  task_id: number;
  target_id: number | null;
  at: string;
  type: 'task.status' | 'target.status' | 'progress';
  data: Record<string, unknown>;
}

export interface ListDto<T> {
  items: T[];
  /** Opaque cursor of the next page; null at the end. */
  next: string | null;
}

/** What `collect --json`, `tasks show --json` and `demo --once --json` print. */
export interface TaskReport {
  task: TaskDto;
  metrics: Metrics;
  targets: TargetDto[];
}

/** What is wrong with one part of a request. */
export interface FieldProblem {
  in: 'body' | 'query' | 'path' | 'header';
  /** JSON pointer into the body, or into the parameters of that kind by their names. */
  pointer: string;
  detail: string;
}

export interface ProblemDetails {
  type: string;
  title: string;
  status: number;
  detail: string;
  instance: string;
  code: ErrorCode;
  errors?: FieldProblem[];
  /** Of a 409 because no token can ask VK now: what is waited for, until when, and why. */
  waiting_for?: WaitingFor;
  /** null where a person must act first. */
  waiting_until?: string | null;
  kind?: ReasonKind;
  request_id: string;
}

export interface AddVkTokenBody {
  /** The token itself, or the address with it after signing in; no reply ever shows it again. */
  token: string;
  /** Default `user`. */
  kind?: TokenKind;
  /** What people call it. */
  name?: string;
}

export interface VkTokenDto {
  id: number;
  kind: TokenKind;
  name: string | null;
  /** The last four characters, for people to tell their tokens apart. */
  last4: string;
  source: TokenSource;
  status: TokenStatus;
  /** Why the token is not ready. */
  reason_kind: ReasonKind | null;
  /** VK's error code, if VK gave one. */
  code: number | null;
  /** What a person must do, or when it goes on by itself: a sentence in the reader's language. */
  reason: string | null;
  until: string | null;
  /** Whether calls may be packed into `execute`; null while nobody knows. */
  can_execute: boolean | null;
  /** What VK said of single methods; those it said nothing about are left out. */
  methods: VkTokenMethodDto[];
  added_at: string;
  checked_at: string | null;
  /** When a process last named it in its VK_TOKENS; null for tokens of the vault. */
  seen_at: string | null;
}

export interface VkTokenMethodDto {
  method: string;
  /** `refused`: this token cannot make it at all; `waiting`: until then. */
  status: 'refused' | 'waiting';
  code: number | null;
  until: string | null;
}

/** What asking VK, one call a method, told about a token. */
export interface VkTokenCheckDto {
  token: VkTokenDto;
  /** In the order they were asked; `execute` among them. */
  methods: {
    method: string;
    /** null: it could not be told now, for a reason that is not the token's. */
    ok: boolean | null;
    kind: ReasonKind | null;
    code: number | null;
    reason: string | null;
  }[];
}

/** What came of POST /vk-tokens/rotate. */
export interface RotationDto {
  /** Tokens that are now under the current secret and were not before. */
  rotated: number;
  /** Tokens that no secret of this installation reads; they are left as they are. */
  unreadable: number;
}

/** How much of VK's quota one token has used of one method. */
export interface QuotaDto {
  token_id: number;
  last4: string;
  token_kind: TokenKind;
  method: string;
  /** Calls of the last 24 hours, single or within `execute`. */
  used: number;
  /** Calls allowed within 24 hours; null: no limit is known. */
  cap: number | null;
  cap_source: 'setting' | 'learned' | null;
  left: number | null;
  /** Calls of the last 60 minutes: the pace that the forecast goes by. */
  per_hour: number;
  /** When the cap is reached at this pace; null: not within a day. */
  exhausted_at: string | null;
  /** Until when the method rests, if it does. */
  resting_until: string | null;
}

/** What a task would take, before it is made. Estimates from a few pages; exact for small walls. */
export interface PlanDto {
  communities: {
    /** As VK tells the lines apart: each counts once. */
    usable: number;
    /** Of how many something was looked at; the others are taken to be like them. */
    sampled: number;
  };
  posts: number;
  comments: number;
  calls: {
    total: number;
    /** By VK's method. */
    methods: Record<string, number>;
  };
  /** HTTP requests to VK. */
  requests: number;
  /** With the tokens at hand, were nothing else asked meanwhile. */
  seconds: number;
  /** Methods that have a daily limit. */
  quota: {
    method: string;
    calls: number;
    /** Calls left today, of all tokens. */
    left: number;
    /** Share of those: above 1 the task waits on the way and goes on by itself. */
    share: number;
  }[];
  /** Lines that would fail, as far as is known without reading them all. */
  unusable: {
    ref: string;
    kind: ReasonKind;
    /** VK's error code, if VK gave one. */
    code: number | null;
    reason: string;
  }[];
}

/** What became of a line of an imported list. */
export const IMPORT_LINE_STATUSES = [
  /** Can be collected. */
  'accepted',
  'duplicate',
  /** Can be collected with the token of a member. */
  'closed',
  'banned',
  'deleted',
  'not_found',
  'a_person',
  'not_a_community',
  /** No form of a reference at all. */
  'bad_reference',
  /** VK could not be asked; import the line again. */
  'unresolved',
] as const;
export type ImportLineStatus = (typeof IMPORT_LINE_STATUSES)[number];

export interface ImportLineDto {
  /** From 1, as an editor counts. */
  line: number;
  /** What was taken for a reference. */
  ref: string;
  status: ImportLineStatus;
  /** The earlier line that means the same. */
  duplicate_of: number | null;
  community: { id: number; name: string | null; screen_name: string | null } | null;
  /** VK's error code, if VK gave one. */
  code: number | null;
  /** A sentence in the reader's language, where the line was not simply accepted. */
  reason: string | null;
}

export interface ImportDto {
  /** As which the bytes were read; null for a text that came as JSON. */
  encoding: string | null;
  /** Lines by what became of them; every status is present. */
  counts: Record<ImportLineStatus, number>;
  lines: ImportLineDto[];
}

export interface HealthDto {
  status: 'ok' | 'unavailable';
  checks: Record<string, { ok: boolean; detail?: string }>;
}

/** Which service this is, so that a program can tell whether it means the same installation. */
export interface ServiceDto {
  version: string;
  pid: number;
  /** Comparable values; what holds a secret appears as a fingerprint only. */
  settings: Record<string, string>;
}

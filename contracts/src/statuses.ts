/** Life of a task: what a person asked for. A move outside `TASK_MOVES` is refused. */
export const TASK_STATUSES = [
  'queued',
  'running',
  'waiting',
  'pausing',
  'paused',
  'cancelling',
  'cancelled',
  'completed',
  'partial',
  'failed',
] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];

/** Life of a target: one community (or one post) within one task. */
export const TARGET_STATUSES = [
  'queued',
  'running',
  'waiting',
  'completed',
  'partial',
  'failed',
  'cancelled',
] as const;
export type TargetStatus = (typeof TARGET_STATUSES)[number];

/** What a waiting task or target waits for. */
export const WAITING_FOR = ['quota', 'token', 'captcha'] as const;
export type WaitingFor = (typeof WAITING_FOR)[number];

export const WALK_KINDS = ['wall', 'post', 'comments', 'thread'] as const;
/** `post` is a wall of one: the single post that a pasted link named. */
export type WalkKind = (typeof WALK_KINDS)[number];

export const WALK_STATES = ['open', 'done', 'failed'] as const;
export type WalkState = (typeof WALK_STATES)[number];

export const TOKEN_KINDS = ['user', 'service', 'community'] as const;
export type TokenKind = (typeof TOKEN_KINDS)[number];

export const TOKEN_SOURCES = ['vault', 'environment'] as const;
export type TokenSource = (typeof TOKEN_SOURCES)[number];

/**
 * `waiting` and `captcha` are tried again by themselves, `quarantined` waits for a person,
 * `unreadable` was encrypted under a secret that this installation does not have.
 */
export const TOKEN_STATUSES = ['ready', 'waiting', 'captcha', 'quarantined', 'unreadable'] as const;
export type TokenStatus = (typeof TOKEN_STATUSES)[number];

const TASK_ENDS: ReadonlySet<TaskStatus> = new Set<TaskStatus>([
  'completed',
  'partial',
  'failed',
  'cancelled',
]);

/** True when a task will not move again by itself. */
export const isTaskEnded = (status: TaskStatus): boolean => TASK_ENDS.has(status);

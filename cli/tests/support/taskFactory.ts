import type { Metrics, TargetDto, TaskDto } from '@stenograf/contracts/api';
import { TARGET_STATUSES, type TargetStatus } from '@stenograf/contracts/statuses';

const METRICS: Metrics = {
  posts: 0,
  comments: 0,
  authors: 0,
  new: 0,
  changed: 0,
  deleted: 0,
  calls: 0,
  requests: 0,
  errors: 0,
};

const LEDGER = { walks: 0, vk_count: 0, stored: 0, stubs: 0, vanished: 0, unlisted: 0 };

/** A target as the API shows it; queued and untouched unless told otherwise. */
export const createTarget = (overrides: Partial<TargetDto> = {}): TargetDto => ({
  id: 1,
  ref: 'club1',
  refs: [overrides.ref ?? 'club1'],
  community_id: null,
  post_id: null,
  name: null,
  status: 'queued',
  kind: null,
  code: null,
  reason: null,
  waiting_for: null,
  waiting_until: null,
  ledger: LEDGER,
  problems: [],
  ...overrides,
  metrics: { ...METRICS, ...overrides.metrics },
});

/** The task of these targets, its sums made from them. */
export const createTask = (
  overrides: Partial<TaskDto> = {},
  targets: TargetDto[] = [],
): TaskDto => {
  const byStatus = Object.fromEntries(
    TARGET_STATUSES.map((name) => [name, targets.filter(({ status }) => status === name).length]),
  ) as Record<TargetStatus, number>;
  const sum = (name: keyof Metrics): number =>
    targets.reduce((total, { metrics }) => total + metrics[name], 0);
  return {
    id: 3,
    name: null,
    status: 'running',
    waiting_for: null,
    waiting_until: null,
    reason: null,
    scope: {
      posts: { limit: null, since: null, until: null, filter: 'all' },
      comments: { collect: true, threads: true },
    },
    priority: 5,
    targets: { ...byStatus, total: targets.length },
    progress: 0,
    metrics: { ...METRICS, posts: sum('posts'), comments: sum('comments') },
    ledger: LEDGER,
    created_at: '2026-01-01T00:00:00.000Z',
    started_at: '2026-01-01T00:00:01.000Z',
    finished_at: null,
    ...overrides,
  };
};

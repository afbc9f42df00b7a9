import type {
  ListDto,
  TargetDto,
  TaskDto,
  TaskEventDto,
  WalkDto,
  WalkProblemDto,
} from '@stenograf/contracts/api';
import { reasonSentence, type Language, type ReasonKind } from '@stenograf/contracts/reasons';
import type {
  TargetSnapshot,
  TaskEvent,
  TaskSnapshot,
  WalkProblem,
} from '../repositories/snapshots';
import type { WalkSnapshot } from '../repositories/walkSnapshotRepository';

const time = (date: Date | null): string | null => date?.toISOString() ?? null;

const sentence = (
  kind: ReasonKind | null,
  language: Language,
  code: number | null = null,
): string | null => (kind === null ? null : reasonSentence(kind, language, code));

export const presentTask = (task: TaskSnapshot, language: Language): TaskDto => ({
  id: task.id,
  name: task.name,
  status: task.status,
  waiting_for: task.waitingFor,
  waiting_until: time(task.waitingUntil),
  reason: sentence(task.reasonKind, language),
  scope: {
    posts: {
      limit: task.postsLimit,
      since: time(task.postsSince),
      until: time(task.postsUntil),
      filter: task.postsFilter,
    },
    comments: { collect: task.collectComments, threads: task.collectThreads },
  },
  priority: task.priority,
  targets: {
    ...task.targets,
    total: Object.values(task.targets).reduce((sum, count) => sum + count, 0),
  },
  progress: task.progress,
  metrics: task.metrics,
  ledger: task.ledger,
  created_at: task.createdAt.toISOString(),
  started_at: time(task.startedAt),
  finished_at: time(task.finishedAt),
});

const presentProblem = (problem: WalkProblem, language: Language): WalkProblemDto => ({
  walk: problem.kind,
  state: problem.state,
  owner_id: problem.ownerId,
  // Zero stands for none in the key of a walk.
  post_id: problem.postId || null,
  thread_root_id: problem.rootId || null,
  kind: problem.reasonKind,
  code: problem.reasonCode,
  reason: reasonSentence(problem.reasonKind, language, problem.reasonCode),
});

export const presentTarget = (target: TargetSnapshot, language: Language): TargetDto => ({
  id: target.id,
  ref: target.refs[0] ?? '',
  refs: target.refs,
  community_id: target.ownerId !== null && target.ownerId < 0 ? -target.ownerId : null,
  post_id: target.postId,
  name: target.name,
  status: target.status,
  kind: target.reasonKind,
  code: target.reasonCode,
  reason: sentence(target.reasonKind, language, target.reasonCode),
  waiting_for: target.waitingFor,
  waiting_until: time(target.waitingUntil),
  metrics: target.metrics,
  ledger: target.ledger,
  problems: target.problems.map((problem) => presentProblem(problem, language)),
});

export const presentWalk = (walk: WalkSnapshot, language: Language): WalkDto => ({
  id: walk.id,
  target_id: walk.targetId,
  walk: walk.kind,
  state: walk.state,
  owner_id: walk.ownerId,
  // Zero stands for none in the key of a walk.
  post_id: walk.postId || null,
  thread_root_id: walk.rootId || null,
  vk_count: walk.vkCount,
  stored: walk.stored,
  stubs: walk.stubs,
  vanished: walk.vanished,
  unlisted: walk.unlisted,
  kind: walk.reasonKind,
  code: walk.reasonCode,
  reason: sentence(walk.reasonKind, language, walk.reasonCode),
});

export const presentEvent = (event: TaskEvent): TaskEventDto => ({
  id: event.number,
  task_id: event.taskId,
  target_id: event.targetId,
  at: event.at.toISOString(),
  type: event.type,
  data: event.data,
});

export const presentPage = <Row, Dto>(
  page: { items: readonly Row[]; next: unknown },
  present: (row: Row) => Dto,
  seal: (place: unknown) => string,
): ListDto<Dto> => ({
  items: page.items.map((row) => present(row)),
  next: page.next === null ? null : seal(page.next),
});

import type { LedgerSum, Metrics, WallFilter } from '@stenograf/contracts/api';
import type { ReasonKind } from '@stenograf/contracts/reasons';
import type {
  TargetStatus,
  TaskStatus,
  WaitingFor,
  WalkKind,
  WalkState,
} from '@stenograf/contracts/statuses';

/** One task as it stands, with what is summed over its targets: read in one statement. */
export interface TaskSnapshot {
  id: number;
  name: string | null;
  status: TaskStatus;
  waitingFor: WaitingFor | null;
  waitingUntil: Date | null;
  reasonKind: ReasonKind | null;
  postsLimit: number | null;
  postsSince: Date | null;
  postsUntil: Date | null;
  postsFilter: WallFilter;
  collectComments: boolean;
  collectThreads: boolean;
  priority: number;
  progress: number;
  targets: Record<TargetStatus, number>;
  metrics: Metrics;
  ledger: LedgerSum;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
}

export interface WalkProblem {
  kind: WalkKind;
  state: WalkState;
  ownerId: number;
  postId: number;
  rootId: number;
  reasonKind: ReasonKind;
  reasonCode: number | null;
}

/** One target as it stands, with the first of its walks that could not be read. */
export interface TargetSnapshot {
  id: number;
  taskId: number;
  refs: string[];
  ownerId: number | null;
  postId: number | null;
  /** The community's name, once it is known. */
  name: string | null;
  status: TargetStatus;
  reasonKind: ReasonKind | null;
  reasonCode: number | null;
  waitingFor: WaitingFor | null;
  waitingUntil: Date | null;
  metrics: Metrics;
  ledger: LedgerSum;
  problems: WalkProblem[];
}

export interface TaskEvent {
  /** Within its task, from 1, without gaps: who has seen N has seen all before it. */
  number: number;
  taskId: number;
  targetId: number | null;
  at: Date;
  type: 'task.status' | 'target.status' | 'progress';
  data: Record<string, unknown>;
}

/** A page of a list; `next` is the key to read on from, null at the end. */
export interface Page<T> {
  items: T[];
  next: number | null;
}

import type { CreateTaskBody } from '@stenograf/contracts/api';
import type { Transaction } from 'sequelize';
import type { Page, TargetSnapshot, TaskEvent, TaskSnapshot } from '../repositories/snapshots';
import type { WalkSnapshot } from '../repositories/walkSnapshotRepository';

export interface PageRequest {
  /** Key of the last item of the page before; absent = from the start. */
  after?: number | undefined;
  limit: number;
}

/** The life of a task. Every id that names no task is an AppError `not_found`. */
export interface TaskService {
  /**
   * Stores the task with a target for each distinct line and hands the targets to the queue after
   * the commit. A line that cannot be a community becomes a failed target with its reason.
   * @param transaction one that is open already; the queue is told when that one commits
   * @throws AppError `validation_failed` for dates that make no sense.
   */
  createTask(body: CreateTaskBody, transaction?: Transaction): Promise<TaskSnapshot>;
  getTask(taskId: number): Promise<TaskSnapshot>;
  /** Newest first. */
  listTasks(page: PageRequest): Promise<Page<TaskSnapshot>>;
  /** In the order in which they were pasted. */
  listTargets(taskId: number, page: PageRequest): Promise<Page<TargetSnapshot>>;
  /** In the order in which they were opened. */
  listWalks(taskId: number, page: PageRequest): Promise<Page<WalkSnapshot>>;
  /** Oldest first. */
  listEvents(taskId: number, page: PageRequest): Promise<Page<TaskEvent>>;
  /**
   * Moves that people make; each is in effect when it returns, whoever was reading.
   * @throws AppError `conflict` where the status does not allow the move, naming the status.
   */
  pauseTask(taskId: number): Promise<TaskSnapshot>;
  resumeTask(taskId: number): Promise<TaskSnapshot>;
  /** What was read stays. */
  cancelTask(taskId: number): Promise<TaskSnapshot>;
  /** Only what failed. */
  retryTask(taskId: number): Promise<TaskSnapshot>;
  /** Forgets the task; posts and comments stay. */
  deleteTask(taskId: number): Promise<void>;
}

import { AppError } from '../errors';
import type { TaskSnapshot } from '../repositories/snapshots';
import type { MoveOutcome, TaskControlRepository } from '../repositories/taskControlRepository';
import type { TargetHint } from './targetHint';
import type { TaskService } from './taskServiceTypes';

interface TaskMovesDependencies {
  taskControlRepository: TaskControlRepository;
  getTask: (taskId: number) => Promise<TaskSnapshot>;
  /** Tells the queue; never throws. */
  hint: (taskId: number, hints: TargetHint[]) => Promise<void>;
}

export const noSuchTask = (taskId: number): AppError =>
  new AppError('not_found', `There is no task ${taskId}.`);

/** @throws AppError where the move was not made. */
const assertMoved = (taskId: number, outcome: MoveOutcome, verb: string): void => {
  if (outcome === null) throw noSuchTask(taskId);
  if (outcome.allowed) return;
  throw new AppError('conflict', `Task ${taskId} is ${outcome.status}: it cannot be ${verb}.`);
};

/** What people do to a task that exists. */
export const createTaskMoves = ({
  taskControlRepository,
  getTask,
  hint,
}: TaskMovesDependencies): Pick<
  TaskService,
  'pauseTask' | 'resumeTask' | 'cancelTask' | 'retryTask' | 'deleteTask'
> => {
  const queueAgain = async (taskId: number): Promise<TaskSnapshot> => {
    await hint(taskId, await taskControlRepository.listDueOf(taskId));
    return getTask(taskId);
  };
  return {
    async pauseTask(taskId) {
      assertMoved(taskId, await taskControlRepository.pause(taskId), 'paused');
      return getTask(taskId);
    },

    async resumeTask(taskId) {
      assertMoved(taskId, await taskControlRepository.resume(taskId), 'resumed');
      return queueAgain(taskId);
    },

    async cancelTask(taskId) {
      assertMoved(taskId, await taskControlRepository.cancel(taskId), 'cancelled');
      return getTask(taskId);
    },

    async retryTask(taskId) {
      assertMoved(taskId, await taskControlRepository.retry(taskId), 'retried');
      return queueAgain(taskId);
    },

    async deleteTask(taskId) {
      assertMoved(taskId, await taskControlRepository.remove(taskId), 'deleted; cancel it first');
    },
  };
};

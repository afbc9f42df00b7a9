import type { Transaction } from 'sequelize';
import type { TaskSnapshot } from '../repositories/snapshots';
import type { NewTarget, TargetRepository } from '../repositories/targetRepository';
import type { TaskControlRepository } from '../repositories/taskControlRepository';
import type { TargetSnapshotRepository } from '../repositories/targetSnapshotRepository';
import type { TaskEventRepository } from '../repositories/taskEventRepository';
import type { TaskRepository } from '../repositories/taskRepository';
import type { TaskSnapshotRepository } from '../repositories/taskSnapshotRepository';
import type { WalkSnapshotRepository } from '../repositories/walkSnapshotRepository';
import type { WithTransaction } from '../repositories/withTransaction';
import type { Logger } from '../utils/logger';
import { parseReference, referenceKey } from '../vkApi/references';
import type { TargetHint, TargetQueue } from './targetHint';
import { createTaskMoves, noSuchTask } from './taskMoves';
import { toNewTask } from './taskScope';
import type { TaskService } from './taskServiceTypes';

interface TaskServiceDependencies {
  withTransaction: WithTransaction;
  taskRepository: TaskRepository;
  taskSnapshotRepository: TaskSnapshotRepository;
  targetRepository: TargetRepository;
  targetSnapshotRepository: TargetSnapshotRepository;
  walkSnapshotRepository: WalkSnapshotRepository;
  taskEventRepository: TaskEventRepository;
  taskControlRepository: TaskControlRepository;
  targetQueue: TargetQueue;
  logger: Logger;
  now?: () => Date;
}

const toTarget = (ref: string): { key: string; target: NewTarget } => {
  const reference = parseReference(ref);
  if (reference.type === 'rejected') {
    const target = { refs: [ref], ownerId: null, postId: null, reasonKind: reference.kind };
    return { key: `rejected ${ref}`, target };
  }
  const postId = reference.type === 'post' ? reference.postId : null;
  return {
    key: referenceKey(reference),
    target: { refs: [ref], ownerId: null, postId, reasonKind: null },
  };
};

/** One target for all lines that mean the same by their form alone, in the order of pasting. */
const toTargets = (lines: readonly string[]): NewTarget[] => {
  const byKey = new Map<string, NewTarget>();
  for (const line of lines) {
    const { key, target } = toTarget(line);
    const same = byKey.get(key);
    if (same) same.refs.push(line);
    else byKey.set(key, target);
  }
  return [...byKey.values()];
};

export const createTaskService = ({
  withTransaction,
  taskRepository,
  taskSnapshotRepository,
  targetRepository,
  targetSnapshotRepository,
  walkSnapshotRepository,
  taskEventRepository,
  taskControlRepository,
  targetQueue,
  logger,
  now = () => new Date(),
}: TaskServiceDependencies): TaskService => {
  const getTask = async (taskId: number, transaction?: Transaction): Promise<TaskSnapshot> => {
    const task = await taskSnapshotRepository.findSnapshot(taskId, transaction);
    if (task) return task;
    throw noSuchTask(taskId);
  };

  /** The sweep of any worker repeats what fails here: a task that is stored is never lost. */
  const hint = async (taskId: number, hints: TargetHint[]): Promise<void> => {
    try {
      await targetQueue.addHints(hints);
    } catch (error) {
      logger.warn('queue not told of a new task', { taskId, error });
    }
  };

  return {
    createTask: (body, outer) =>
      withTransaction(outer, async (transaction) => {
        const id = await taskRepository.insert(toNewTask(body, now()), transaction);
        const due = await targetRepository.insertMany(id, toTargets(body.communities), transaction);
        await taskEventRepository.insert(
          { taskId: id, targetId: null, type: 'task.status', data: { to: 'queued' } },
          transaction,
        );
        await taskRepository.refreshStatus(id, transaction);
        transaction.afterCommit(() => hint(id, due));
        return getTask(id, transaction);
      }),

    getTask: (taskId) => getTask(taskId),

    listTasks: ({ after, limit }) => taskSnapshotRepository.listSnapshots(after, limit),

    async listTargets(taskId, { after, limit }) {
      await getTask(taskId);
      return targetSnapshotRepository.listSnapshots(taskId, after, limit);
    },

    async listWalks(taskId, { after, limit }) {
      await getTask(taskId);
      return walkSnapshotRepository.listSnapshots(taskId, after, limit);
    },

    async listEvents(taskId, { after, limit }) {
      await getTask(taskId);
      return taskEventRepository.list(taskId, after, limit);
    },

    ...createTaskMoves({ taskControlRepository, getTask, hint }),
  };
};

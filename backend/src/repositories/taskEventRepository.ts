import { Op, type Transaction } from 'sequelize';
import type { Models } from '../models/models';
import type { Page, TaskEvent } from './snapshots';

export interface TaskEventRepository {
  insert(
    event: Pick<TaskEvent, 'taskId' | 'targetId' | 'type' | 'data'>,
    transaction: Transaction,
  ): Promise<void>;
  /** Oldest first, behind the event of that number. */
  list(taskId: number, after: number | undefined, limit: number): Promise<Page<TaskEvent>>;
}

export const createTaskEventRepository = ({ models }: { models: Models }): TaskEventRepository => ({
  async insert(event, transaction) {
    await models.TaskEvent.create(event, { transaction });
  },

  async list(taskId, after, limit) {
    const rows = await models.TaskEvent.findAll({
      where: { taskId, ...(after === undefined ? {} : { number: { [Op.gt]: after } }) },
      order: [['number', 'ASC']],
      limit: limit + 1,
    });
    const items = rows.slice(0, limit).map((row) => ({
      number: row.number,
      taskId: row.taskId,
      targetId: row.targetId,
      at: row.at,
      type: row.type as TaskEvent['type'],
      data: row.data,
    }));
    return { items, next: rows.length > limit ? (items.at(-1)?.number ?? null) : null };
  },
});

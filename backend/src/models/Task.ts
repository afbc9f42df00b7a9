import type { WallFilter } from '@stenograf/contracts/api';
import type { ReasonKind } from '@stenograf/contracts/reasons';
import type { TaskStatus, WaitingFor } from '@stenograf/contracts/statuses';
import {
  DataTypes,
  type CreationOptional,
  type InferAttributes,
  type InferCreationAttributes,
  type Model,
  type ModelStatic,
  type Sequelize,
} from 'sequelize';

/** What a person asked for: communities and scope. */
export interface TaskRow extends Model<InferAttributes<TaskRow>, InferCreationAttributes<TaskRow>> {
  id: CreationOptional<number>;
  name: string | null;
  status: CreationOptional<TaskStatus>;
  waitingFor: CreationOptional<WaitingFor | null>;
  waitingUntil: CreationOptional<Date | null>;
  reasonKind: CreationOptional<ReasonKind | null>;
  postsLimit: number | null;
  postsSince: Date | null;
  postsUntil: Date | null;
  postsFilter: WallFilter;
  collectComments: boolean;
  collectThreads: boolean;
  priority: number;
  progress: CreationOptional<number>;
  /** The number of the newest event; kept by the database. */
  eventsTotal: CreationOptional<number>;
  createdAt: CreationOptional<Date>;
  startedAt: CreationOptional<Date | null>;
  finishedAt: CreationOptional<Date | null>;
}

export const defineTask = (sequelize: Sequelize): ModelStatic<TaskRow> =>
  sequelize.define<TaskRow>(
    'Task',
    {
      id: { type: DataTypes.BIGINT, primaryKey: true, autoIncrement: true },
      name: { type: DataTypes.TEXT },
      status: { type: DataTypes.TEXT },
      waitingFor: { type: DataTypes.TEXT },
      waitingUntil: { type: DataTypes.DATE },
      reasonKind: { type: DataTypes.TEXT },
      postsLimit: { type: DataTypes.INTEGER },
      postsSince: { type: DataTypes.DATE },
      postsUntil: { type: DataTypes.DATE },
      postsFilter: { type: DataTypes.TEXT },
      collectComments: { type: DataTypes.BOOLEAN },
      collectThreads: { type: DataTypes.BOOLEAN },
      priority: { type: DataTypes.SMALLINT },
      progress: { type: DataTypes.REAL },
      eventsTotal: { type: DataTypes.INTEGER },
      createdAt: { type: DataTypes.DATE },
      startedAt: { type: DataTypes.DATE },
      finishedAt: { type: DataTypes.DATE },
    },
    { tableName: 'tasks' },
  );

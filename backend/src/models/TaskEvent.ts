import {
  DataTypes,
  type CreationOptional,
  type InferAttributes,
  type InferCreationAttributes,
  type Model,
  type ModelStatic,
  type Sequelize,
} from 'sequelize';

/** The stored log of a task: every status move and progress tick. */
export interface TaskEventRow extends Model<
  InferAttributes<TaskEventRow>,
  InferCreationAttributes<TaskEventRow>
> {
  id: CreationOptional<number>;
  /** Within its task, from 1, without gaps; drawn by the database. */
  number: CreationOptional<number>;
  taskId: number;
  targetId: number | null;
  at: CreationOptional<Date>;
  type: string;
  data: Record<string, unknown>;
}

export const defineTaskEvent = (sequelize: Sequelize): ModelStatic<TaskEventRow> =>
  sequelize.define<TaskEventRow>(
    'TaskEvent',
    {
      id: { type: DataTypes.BIGINT, primaryKey: true, autoIncrement: true },
      number: { type: DataTypes.INTEGER },
      taskId: { type: DataTypes.BIGINT },
      targetId: { type: DataTypes.BIGINT },
      at: { type: DataTypes.DATE },
      type: { type: DataTypes.TEXT },
      data: { type: DataTypes.JSONB },
    },
    { tableName: 'task_events' },
  );

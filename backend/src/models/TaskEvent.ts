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
      taskId: { type: DataTypes.BIGINT, allowNull: false },
      targetId: { type: DataTypes.BIGINT },
      at: { type: DataTypes.DATE, allowNull: false },
      type: { type: DataTypes.TEXT, allowNull: false },
      data: { type: DataTypes.JSONB, allowNull: false },
    },
    { tableName: 'task_events' },
  );

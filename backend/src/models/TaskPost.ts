import {
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  type Model,
  type ModelStatic,
  type Sequelize,
} from 'sequelize';

/** Which task saw which post, and how it found it. */
export interface TaskPostRow extends Model<
  InferAttributes<TaskPostRow>,
  InferCreationAttributes<TaskPostRow>
> {
  taskId: number;
  ownerId: number;
  postId: number;
  seen: 'new' | 'changed' | 'same';
}

export const defineTaskPost = (sequelize: Sequelize): ModelStatic<TaskPostRow> =>
  sequelize.define<TaskPostRow>(
    'TaskPost',
    {
      taskId: { type: DataTypes.BIGINT, primaryKey: true },
      ownerId: { type: DataTypes.BIGINT, primaryKey: true },
      postId: { type: DataTypes.BIGINT, primaryKey: true },
      seen: { type: DataTypes.TEXT },
    },
    { tableName: 'task_posts' },
  );

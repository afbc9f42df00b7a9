import type { ReasonKind } from '@stenograf/contracts/reasons';
import type { TargetStatus, WaitingFor } from '@stenograf/contracts/statuses';
import {
  DataTypes,
  type CreationOptional,
  type InferAttributes,
  type InferCreationAttributes,
  type Model,
  type ModelStatic,
  type Sequelize,
} from 'sequelize';

/** One community, or one post of it, within one task. */
export interface TargetRow extends Model<
  InferAttributes<TargetRow>,
  InferCreationAttributes<TargetRow>
> {
  id: CreationOptional<number>;
  taskId: number;
  refs: string[];
  ownerId: number | null;
  postId: number | null;
  status: CreationOptional<TargetStatus>;
  reasonKind: CreationOptional<ReasonKind | null>;
  reasonCode: CreationOptional<number | null>;
  waitingFor: CreationOptional<WaitingFor | null>;
  waitingUntil: CreationOptional<Date | null>;
  epoch: CreationOptional<number>;
  leaseUntil: CreationOptional<Date | null>;
  barrenClaims: CreationOptional<number>;
  posts: CreationOptional<number>;
  comments: CreationOptional<number>;
  authors: CreationOptional<number>;
  newRows: CreationOptional<number>;
  changedRows: CreationOptional<number>;
  deletedRows: CreationOptional<number>;
  postsExpected: CreationOptional<number | null>;
  walksTotal: CreationOptional<number>;
  walksDone: CreationOptional<number>;
  calls: CreationOptional<number>;
  requests: CreationOptional<number>;
  errors: CreationOptional<number>;
  createdAt: CreationOptional<Date>;
  startedAt: CreationOptional<Date | null>;
  finishedAt: CreationOptional<Date | null>;
}

export const defineTarget = (sequelize: Sequelize): ModelStatic<TargetRow> =>
  sequelize.define<TargetRow>(
    'Target',
    {
      id: { type: DataTypes.BIGINT, primaryKey: true, autoIncrement: true },
      taskId: { type: DataTypes.BIGINT },
      refs: { type: DataTypes.ARRAY(DataTypes.TEXT) },
      ownerId: { type: DataTypes.BIGINT },
      postId: { type: DataTypes.BIGINT },
      status: { type: DataTypes.TEXT },
      reasonKind: { type: DataTypes.TEXT },
      reasonCode: { type: DataTypes.INTEGER },
      waitingFor: { type: DataTypes.TEXT },
      waitingUntil: { type: DataTypes.DATE },
      epoch: { type: DataTypes.INTEGER },
      leaseUntil: { type: DataTypes.DATE },
      barrenClaims: { type: DataTypes.INTEGER },
      posts: { type: DataTypes.INTEGER },
      comments: { type: DataTypes.INTEGER },
      authors: { type: DataTypes.INTEGER },
      newRows: { type: DataTypes.INTEGER },
      changedRows: { type: DataTypes.INTEGER },
      deletedRows: { type: DataTypes.INTEGER },
      postsExpected: { type: DataTypes.INTEGER },
      walksTotal: { type: DataTypes.INTEGER },
      walksDone: { type: DataTypes.INTEGER },
      calls: { type: DataTypes.INTEGER },
      requests: { type: DataTypes.INTEGER },
      errors: { type: DataTypes.INTEGER },
      createdAt: { type: DataTypes.DATE },
      startedAt: { type: DataTypes.DATE },
      finishedAt: { type: DataTypes.DATE },
    },
    { tableName: 'targets' },
  );

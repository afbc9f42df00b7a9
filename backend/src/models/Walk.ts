import type { ReasonKind } from '@stenograf/contracts/reasons';
import type { WalkKind, WalkState } from '@stenograf/contracts/statuses';
import {
  DataTypes,
  type CreationOptional,
  type InferAttributes,
  type InferCreationAttributes,
  type Model,
  type ModelStatic,
  type Sequelize,
} from 'sequelize';

/** The reading of one list, with its position and proof. */
export interface WalkRow extends Model<InferAttributes<WalkRow>, InferCreationAttributes<WalkRow>> {
  id: CreationOptional<number>;
  targetId: number;
  kind: WalkKind;
  ownerId: number;
  postId: CreationOptional<number>;
  rootId: CreationOptional<number>;
  state: CreationOptional<WalkState>;
  reasonKind: CreationOptional<ReasonKind | null>;
  reasonCode: CreationOptional<number | null>;
  position: CreationOptional<number>;
  anchors: CreationOptional<number[]>;
  memory: CreationOptional<Record<string, unknown>>;
  version: CreationOptional<number>;
  passes: CreationOptional<number>;
  vkCount: CreationOptional<number | null>;
  vkCountAll: CreationOptional<number | null>;
  stored: CreationOptional<number>;
  inlineStored: CreationOptional<number>;
  stubs: CreationOptional<number>;
  vanished: CreationOptional<number>;
  unlisted: CreationOptional<number | null>;
  createdAt: CreationOptional<Date>;
  finishedAt: CreationOptional<Date | null>;
}

export const defineWalk = (sequelize: Sequelize): ModelStatic<WalkRow> =>
  sequelize.define<WalkRow>(
    'Walk',
    {
      id: { type: DataTypes.BIGINT, primaryKey: true, autoIncrement: true },
      targetId: { type: DataTypes.BIGINT },
      kind: { type: DataTypes.TEXT },
      ownerId: { type: DataTypes.BIGINT },
      postId: { type: DataTypes.BIGINT },
      rootId: { type: DataTypes.BIGINT },
      state: { type: DataTypes.TEXT },
      reasonKind: { type: DataTypes.TEXT },
      reasonCode: { type: DataTypes.INTEGER },
      position: { type: DataTypes.INTEGER },
      anchors: { type: DataTypes.ARRAY(DataTypes.BIGINT) },
      memory: { type: DataTypes.JSONB },
      version: { type: DataTypes.INTEGER },
      passes: { type: DataTypes.INTEGER },
      vkCount: { type: DataTypes.INTEGER },
      vkCountAll: { type: DataTypes.INTEGER },
      stored: { type: DataTypes.INTEGER },
      inlineStored: { type: DataTypes.INTEGER },
      stubs: { type: DataTypes.INTEGER },
      vanished: { type: DataTypes.INTEGER },
      unlisted: { type: DataTypes.INTEGER },
      createdAt: { type: DataTypes.DATE },
      finishedAt: { type: DataTypes.DATE },
    },
    { tableName: 'walks' },
  );

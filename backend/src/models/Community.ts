import {
  DataTypes,
  type CreationOptional,
  type InferAttributes,
  type InferCreationAttributes,
  type Model,
  type ModelStatic,
  type Sequelize,
} from 'sequelize';

/** A VK group, public page or event; its wall has owner_id = -id. */
export interface CommunityRow extends Model<
  InferAttributes<CommunityRow>,
  InferCreationAttributes<CommunityRow>
> {
  id: number;
  name: string | null;
  screenName: string | null;
  type: string | null;
  isClosed: number | null;
  deactivated: string | null;
  raw: unknown;
  contentHash: number;
  fetchedAt: Date;
  firstSeenAt: CreationOptional<Date>;
}

export const defineCommunity = (sequelize: Sequelize): ModelStatic<CommunityRow> =>
  sequelize.define<CommunityRow>(
    'Community',
    {
      id: { type: DataTypes.BIGINT, primaryKey: true },
      name: { type: DataTypes.TEXT },
      screenName: { type: DataTypes.TEXT },
      type: { type: DataTypes.TEXT },
      isClosed: { type: DataTypes.SMALLINT },
      deactivated: { type: DataTypes.TEXT },
      raw: { type: DataTypes.JSONB },
      contentHash: { type: DataTypes.BIGINT },
      fetchedAt: { type: DataTypes.DATE },
      firstSeenAt: { type: DataTypes.DATE },
    },
    { tableName: 'communities' },
  );

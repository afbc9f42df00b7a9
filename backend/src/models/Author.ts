import {
  DataTypes,
  type CreationOptional,
  type InferAttributes,
  type InferCreationAttributes,
  type Model,
  type ModelStatic,
  type Sequelize,
} from 'sequelize';

/** A person who wrote. */
export interface AuthorRow extends Model<
  InferAttributes<AuthorRow>,
  InferCreationAttributes<AuthorRow>
> {
  id: number;
  firstName: string | null;
  lastName: string | null;
  screenName: string | null;
  deactivated: string | null;
  contentHash: number;
  fetchedAt: Date;
  firstSeenAt: CreationOptional<Date>;
}

export const defineAuthor = (sequelize: Sequelize): ModelStatic<AuthorRow> =>
  sequelize.define<AuthorRow>(
    'Author',
    {
      id: { type: DataTypes.BIGINT, primaryKey: true },
      firstName: { type: DataTypes.TEXT },
      lastName: { type: DataTypes.TEXT },
      screenName: { type: DataTypes.TEXT },
      deactivated: { type: DataTypes.TEXT },
      contentHash: { type: DataTypes.BIGINT },
      fetchedAt: { type: DataTypes.DATE },
      firstSeenAt: { type: DataTypes.DATE },
    },
    { tableName: 'authors' },
  );

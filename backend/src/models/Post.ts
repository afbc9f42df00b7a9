import {
  DataTypes,
  type CreationOptional,
  type InferAttributes,
  type InferCreationAttributes,
  type Model,
  type ModelStatic,
  type Sequelize,
} from 'sequelize';

/** One record of a wall, as it was last read. */
export interface PostRow extends Model<InferAttributes<PostRow>, InferCreationAttributes<PostRow>> {
  ownerId: number;
  id: number;
  fromId: number | null;
  date: Date;
  text: string;
  postType: string | null;
  likes: number;
  reposts: number;
  views: number | null;
  comments: number;
  isPinned: boolean;
  markedAsAds: boolean;
  signerId: number | null;
  editedAt: Date | null;
  attachments: unknown[];
  copyHistory: unknown[];
  geo: unknown;
  raw: unknown;
  deletedAt: Date | null;
  /** Set where the author was erased: author and words are gone for good. */
  erasedAt: Date | null;
  contentHash: number;
  fetchedAt: Date;
  firstSeenAt: CreationOptional<Date>;
  /** Made by PostgreSQL of the columns above. */
  search: CreationOptional<string>;
}

export const definePost = (sequelize: Sequelize): ModelStatic<PostRow> =>
  sequelize.define<PostRow>(
    'Post',
    {
      ownerId: { type: DataTypes.BIGINT, primaryKey: true },
      id: { type: DataTypes.BIGINT, primaryKey: true },
      fromId: { type: DataTypes.BIGINT },
      date: { type: DataTypes.DATE },
      text: { type: DataTypes.TEXT },
      postType: { type: DataTypes.TEXT },
      likes: { type: DataTypes.INTEGER },
      reposts: { type: DataTypes.INTEGER },
      views: { type: DataTypes.INTEGER },
      comments: { type: DataTypes.INTEGER },
      isPinned: { type: DataTypes.BOOLEAN },
      markedAsAds: { type: DataTypes.BOOLEAN },
      signerId: { type: DataTypes.BIGINT },
      editedAt: { type: DataTypes.DATE },
      attachments: { type: DataTypes.JSONB },
      copyHistory: { type: DataTypes.JSONB },
      geo: { type: DataTypes.JSONB },
      raw: { type: DataTypes.JSONB },
      deletedAt: { type: DataTypes.DATE },
      erasedAt: { type: DataTypes.DATE },
      contentHash: { type: DataTypes.BIGINT },
      fetchedAt: { type: DataTypes.DATE },
      firstSeenAt: { type: DataTypes.DATE },
      search: { type: DataTypes.TSVECTOR },
    },
    { tableName: 'posts' },
  );

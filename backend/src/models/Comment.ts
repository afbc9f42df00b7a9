import {
  DataTypes,
  type CreationOptional,
  type InferAttributes,
  type InferCreationAttributes,
  type Model,
  type ModelStatic,
  type Sequelize,
} from 'sequelize';

/** A root comment, or a reply in its thread, as it was last read. */
export interface CommentRow extends Model<
  InferAttributes<CommentRow>,
  InferCreationAttributes<CommentRow>
> {
  ownerId: number;
  id: number;
  postId: number;
  fromId: number | null;
  date: Date;
  text: string;
  likes: number;
  threadRootId: number | null;
  replyToCommentId: number | null;
  replyToUserId: number | null;
  isDeleted: boolean;
  attachments: unknown[];
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

export const defineComment = (sequelize: Sequelize): ModelStatic<CommentRow> =>
  sequelize.define<CommentRow>(
    'Comment',
    {
      ownerId: { type: DataTypes.BIGINT, primaryKey: true },
      id: { type: DataTypes.BIGINT, primaryKey: true },
      postId: { type: DataTypes.BIGINT },
      fromId: { type: DataTypes.BIGINT },
      date: { type: DataTypes.DATE },
      text: { type: DataTypes.TEXT },
      likes: { type: DataTypes.INTEGER },
      threadRootId: { type: DataTypes.BIGINT },
      replyToCommentId: { type: DataTypes.BIGINT },
      replyToUserId: { type: DataTypes.BIGINT },
      isDeleted: { type: DataTypes.BOOLEAN },
      attachments: { type: DataTypes.JSONB },
      raw: { type: DataTypes.JSONB },
      deletedAt: { type: DataTypes.DATE },
      erasedAt: { type: DataTypes.DATE },
      contentHash: { type: DataTypes.BIGINT },
      fetchedAt: { type: DataTypes.DATE },
      firstSeenAt: { type: DataTypes.DATE },
      search: { type: DataTypes.TSVECTOR },
    },
    { tableName: 'comments' },
  );

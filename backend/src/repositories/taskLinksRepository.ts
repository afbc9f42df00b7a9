import { QueryTypes, type Sequelize, type Transaction } from 'sequelize';
import type { PostSeen } from './postRepository';
import { bigints, texts } from './arrays';
import { byKey } from './upsert';

export interface TaskLinksRepository {
  /** Notes which posts a task saw. @returns how many of them are new to the task. */
  linkPosts(taskId: number, posts: PostSeen[], transaction: Transaction): Promise<number>;
  /** Notes who wrote in a task. @returns how many are new to the task. */
  linkAuthors(taskId: number, authorIds: number[], transaction: Transaction): Promise<number>;
}

const LINK_POSTS = `
INSERT INTO task_posts AS kept (task_id, owner_id, post_id, seen)
SELECT $1, unnest($2::bigint[]), unnest($3::bigint[]), unnest($4::text[])
ON CONFLICT (task_id, owner_id, post_id) DO UPDATE SET seen = excluded.seen
WHERE kept.seen = 'same' AND excluded.seen = 'changed'
RETURNING xmax = 0 AS inserted`;

const LINK_AUTHORS = `
INSERT INTO task_authors (task_id, author_id)
SELECT $1, unnest($2::bigint[]) ON CONFLICT DO NOTHING RETURNING author_id`;

export const createTaskLinksRepository = ({
  sequelize,
}: {
  sequelize: Sequelize;
}): TaskLinksRepository => ({
  async linkPosts(taskId, posts, transaction) {
    if (posts.length === 0) return 0;
    const rows = [...posts].sort(
      byKey(
        (post) => post.ownerId,
        (post) => post.id,
      ),
    );
    const written = await sequelize.query<{ inserted: boolean }>(LINK_POSTS, {
      bind: [
        taskId,
        bigints(rows, (row) => row.ownerId),
        bigints(rows, (row) => row.id),
        texts(rows, (row) => row.seen),
      ],
      type: QueryTypes.SELECT,
      transaction,
    });
    return written.filter((row) => row.inserted).length;
  },

  async linkAuthors(taskId, authorIds, transaction) {
    if (authorIds.length === 0) return 0;
    const ids = [...new Set(authorIds)].sort((a, b) => a - b);
    const rows = await sequelize.query(LINK_AUTHORS, {
      bind: [taskId, bigints(ids, (id) => id)],
      type: QueryTypes.SELECT,
      transaction,
    });
    return rows.length;
  },
});

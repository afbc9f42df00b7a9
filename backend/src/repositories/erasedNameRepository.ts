import type { Sequelize, Transaction } from 'sequelize';
import { createSelect } from './select';

/** A value that people typed, or that the service wrote about its work, and where it stands. */
export interface NamingValue {
  /** Of the row, whatever that is in its table. */
  key: unknown;
  value: unknown;
}

/** Small places that may name a person; values of one table and column. */
export const NAMING_PLACES = ['communities', 'tasks', 'targets', 'events', 'replies'] as const;
export type NamingPlace = (typeof NAMING_PLACES)[number];

/** Where else than in posts and comments a person is known. */
export interface ErasedNameRepository {
  count(personId: number): Promise<{ names: number; taskLinks: number }>;
  /** @returns rows that went. */
  removeAuthor(personId: number, transaction: Transaction): Promise<number>;
  /** Takes the person out of each task and out of its count of authors. @returns tasks. */
  removeLinks(personId: number, transaction: Transaction): Promise<number>;
  /** Values in which the person's number stands, locked if in a transaction. */
  listSuspects(
    place: NamingPlace,
    personId: number,
    transaction?: Transaction,
  ): Promise<NamingValue[]>;
  update(place: NamingPlace, next: NamingValue, transaction: Transaction): Promise<void>;
}

/** The column as JSON and back; the key as JSON, so that two columns may be one. */
const PLACES: Record<NamingPlace, { table: string; column: string; key: string; back: string }> = {
  communities: { table: 'communities', column: 'raw', key: 'id', back: '$2::jsonb' },
  tasks: { table: 'tasks', column: 'to_jsonb(name)', key: 'id', back: "$2::jsonb #>> '{}'" },
  targets: {
    table: 'targets',
    column: 'to_jsonb(refs)',
    key: 'id',
    back: 'ARRAY(SELECT jsonb_array_elements_text($2::jsonb))',
  },
  events: { table: 'task_events', column: 'data', key: 'id', back: '$2::jsonb' },
  replies: {
    table: 'idempotency_keys',
    column: 'body',
    key: 'jsonb_build_array(owner, key)',
    back: '$2::jsonb',
  },
};
const TARGET_COLUMN: Record<NamingPlace, string> = {
  communities: 'raw',
  tasks: 'name',
  targets: 'refs',
  events: 'data',
  replies: 'body',
};

/**
 * The sum over targets is the number of a task's authors. Which target met the person first is not
 * remembered: it is taken off one on whose wall the person wrote, or else off any.
 */
const REMOVE_LINKS = `
WITH links AS (DELETE FROM task_authors WHERE author_id = $1 RETURNING task_id),
chosen AS (
  SELECT DISTINCT ON (targets.task_id) targets.id
  FROM targets JOIN links USING (task_id)
  WHERE targets.authors > 0
  ORDER BY targets.task_id, (
    EXISTS (SELECT FROM posts WHERE from_id = $1 AND posts.owner_id = targets.owner_id)
    OR EXISTS (SELECT FROM comments WHERE from_id = $1 AND comments.owner_id = targets.owner_id)
  ) DESC, targets.id),
counted AS (
  UPDATE targets SET authors = authors - 1 FROM chosen WHERE targets.id = chosen.id RETURNING 1)
SELECT count(*) AS count FROM links`;

export const createErasedNameRepository = ({
  sequelize,
}: {
  sequelize: Sequelize;
}): ErasedNameRepository => {
  const select = createSelect(sequelize);
  return {
    async count(personId) {
      const [row] = await select<{ names: number; taskLinks: number }>(
        `SELECT (SELECT count(*) FROM authors WHERE id = $1) AS names,
           (SELECT count(*) FROM task_authors WHERE author_id = $1) AS "taskLinks"`,
        [personId],
      );
      return row ?? { names: 0, taskLinks: 0 };
    },

    async removeAuthor(personId, transaction) {
      const sql = 'DELETE FROM authors WHERE id = $1 RETURNING 1';
      return (await select(sql, [personId], transaction)).length;
    },

    async removeLinks(personId, transaction) {
      const [row] = await select<{ count: number }>(REMOVE_LINKS, [personId], transaction);
      return row?.count ?? 0;
    },

    listSuspects: (place, personId, transaction) => {
      const { table, column, key } = PLACES[place];
      return select<NamingValue>(
        `SELECT ${key} AS key, ${column} AS value FROM ${table}
         WHERE ${TARGET_COLUMN[place]}::text LIKE '%' || $1 || '%'
           AND ${TARGET_COLUMN[place]}::text ~ ('(^|\\D)' || $1 || '(\\D|$)')
         ORDER BY 1 ${transaction ? 'FOR NO KEY UPDATE' : ''}`,
        [String(personId)],
        transaction,
      );
    },

    async update(place, { key, value }, transaction) {
      const { table, key: keyColumn, back } = PLACES[place];
      await select(
        `UPDATE ${table} SET ${TARGET_COLUMN[place]} = ${back}
         WHERE to_jsonb(${keyColumn}) = $1::jsonb RETURNING 1`,
        [JSON.stringify(key), JSON.stringify(value)],
        transaction,
      );
    },
  };
};

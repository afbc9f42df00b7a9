import type { Client } from 'pg';

export interface InventedSizes {
  walls: number;
  posts: number;
  comments: number;
  authors: number;
}

/** Words that tests and benchmarks look for, by how many texts have them. */
export const INVENTED_WORDS = {
  /** In every 20th text. */
  frequent: 'погода',
  /** In every 2 500th. */
  rare: 'мамонт',
  /** In every third text of the oldest tenth, and in no other. */
  old: 'перфокарта',
} as const;

const SYLLABLES = 'ка ро ни то ле ва ми ста пре го до бе жу за ча ши пы да фи хо'.split(' ');
const ENDINGS = ['ый', 'ого', 'ами', 'ить', 'ил', 'ость', 'ы', 'а', 'у', 'ой'];
const VOCABULARY = 20_000;

const pick = (words: readonly string[], place: string): string =>
  `('{${words.join(',')}}'::text[])[1 + (${place}) % ${words.length}]`;

/** The invented word of a number; short arrays, since PostgreSQL walks them to a place. */
const word = (number: string): string =>
  [
    pick(SYLLABLES, number),
    pick(SYLLABLES, `${number} / ${SYLLABLES.length}`),
    pick(SYLLABLES, `${number} / ${SYLLABLES.length ** 2}`),
    pick(ENDINGS, number),
  ].join(' || ');

/** A number from 0 to 1 by which everything of a row is chosen, the same every time. */
const share = (seed: string): string => `((hashint8extended(${seed}, 7) & 1048575) / 1048576.0)`;

/** Words as people use them: few often, most hardly ever. */
const text = (id: string, kind: number): string => `
  (SELECT string_agg(${word('n')}, ' ')
   FROM generate_series(1, 4 + (${id} % 13)::int) AS w,
     LATERAL (SELECT floor(power(${share(`${id} * 64 + w + ${kind}`)}, 4) * ${VOCABULARY})::int) AS v (n))
  || CASE WHEN ${id} % 20 = 0 THEN ' ${INVENTED_WORDS.frequent}' ELSE '' END
  || CASE WHEN ${id} % 2500 = 0 THEN ' ${INVENTED_WORDS.rare}' ELSE '' END`;

const SECONDS = 63_072_000;
/** Two years from 2024 on. */
const date = (id: string): string =>
  `timestamptz '2024-01-01' + floor(${share(id)} * ${SECONDS}) * interval '1 second'`;
const old = (id: string): string =>
  `CASE WHEN ${share(id)} < 0.1 AND ${id} % 3 = 0 THEN ' ${INVENTED_WORDS.old}' ELSE '' END`;
const likes = (id: string): string =>
  `CASE WHEN ${id} % 4 = 0 THEN floor(power(${share(`${id} + 1`)}, 8) * 500)::int ELSE 0 END`;
const attachments = (id: string): string => `
  CASE WHEN ${id} % 5000 = 1 THEN '[{"type":"poll"}]' WHEN ${id} % 40 = 1
    THEN '[{"type":"photo"}]' ELSE '[]' END::jsonb`;

const POSTS = `
INSERT INTO posts (owner_id, id, from_id, date, text, post_type, likes, reposts, views, comments,
  is_pinned, marked_as_ads, attachments, copy_history, content_hash, fetched_at)
SELECT -1 - id % $1::int, id, CASE WHEN id % 5 = 0 THEN 1 + id % 100 ELSE -1 - id % $1::int END,
  ${date('id')}, ${text('id', 1)} || ${old('id')}, 'post', ${likes('id')}, (id % 7)::int,
  (id % 1000)::int, (id % 11)::int, id % 1000 = 0, id % 300 = 0, ${attachments('id')},
  CASE WHEN id % 25 = 0 THEN '[{"text":"повтор чужой записи"}]' ELSE '[]' END::jsonb, id, now()
FROM generate_series($2::bigint, $3::bigint) AS id`;

const COMMENTS = `
INSERT INTO comments (owner_id, id, post_id, from_id, date, text, likes, thread_root_id, is_deleted,
  attachments, content_hash, fetched_at)
SELECT -1 - post % $1::int, 1000000 + id, post,
  CASE WHEN id % 200 = 3 THEN NULL WHEN id % 50 = 2 THEN -1 - post % $1::int
    ELSE 1 + floor(power(${share('id + 2')}, 3) * $5::int)::bigint END,
  ${date('id')}, ${text('id', 3)} || ${old('id')}, ${likes('id')},
  CASE WHEN id % 3 = 0 AND id > $4::bigint THEN 1000000 + id - $4::bigint END, id % 200 = 3,
  ${attachments('id')}, id, now()
FROM generate_series($2::bigint, $3::bigint) AS id, LATERAL (SELECT 1 + id % $4::bigint AS post) AS p`;

/** Rows of one statement: the memory that it takes stays small. */
const BATCH = 100_000;

const insert = async (
  count: number,
  run: (from: number, to: number) => Promise<unknown>,
): Promise<void> => {
  for (let from = 1; from <= count; from += BATCH) {
    await run(from, Math.min(count, from + BATCH - 1));
  }
};

/**
 * Posts and comments made by PostgreSQL itself, the same every time: some 30 µs a row. Comments are
 * numbered from 1 000 001 on; each thread's root is a root.
 */
export const inventRecords = async (
  client: Client,
  { walls, posts, comments, authors }: InventedSizes,
): Promise<void> => {
  await client.query(
    `INSERT INTO communities (id, name, content_hash, fetched_at)
     SELECT id, 'Сообщество ' || id, id, now() FROM generate_series(1, $1::int) AS id`,
    [walls],
  );
  await client.query(
    `INSERT INTO authors (id, first_name, last_name, content_hash, fetched_at)
     SELECT id, 'Анна', 'Фамилия' || id, id, now() FROM generate_series(1, $1::int) AS id`,
    [authors],
  );
  await insert(posts, (from, to) => client.query(POSTS, [walls, from, to]));
  await insert(comments, (from, to) => client.query(COMMENTS, [walls, from, to, posts, authors]));
  await client.query('ANALYZE posts, comments, authors, communities');
};

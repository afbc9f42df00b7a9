import type { HasKind, RecordFlag } from '@stenograf/contracts/reading';

/** Also the names of the tables. */
export type RecordKind = 'posts' | 'comments';

/** Which posts or comments are meant. Dates are those of the record itself and inclusive. */
export interface RecordFilter {
  /** What this task has seen; a comment by its post. */
  taskId: number | null;
  /** Positive ids, any of them. */
  communityIds: readonly number[] | null;
  /** People above zero, communities below, any of them. */
  authorIds: readonly number[] | null;
  since: Date | null;
  until: Date | null;
  /** What the words must be: a tsquery without exclusions, as PostgreSQL writes it. */
  words: string | null;
  /** Pieces that must stand in the text as they are, but for letter case and ё. */
  parts: readonly string[];
  has: readonly HasKind[];
  is: readonly RecordFlag[];
  likesMin: number | null;
  not: {
    communityIds: readonly number[];
    authorIds: readonly number[];
    /** A tsquery of what must not be among the words. */
    words: string | null;
    has: readonly HasKind[];
    is: readonly RecordFlag[];
  };
}

export const EVERY_RECORD: RecordFilter = {
  taskId: null,
  communityIds: null,
  authorIds: null,
  since: null,
  until: null,
  words: null,
  parts: [],
  has: [],
  is: [],
  likesMin: null,
  not: { communityIds: [], authorIds: [], words: null, has: [], is: [] },
};

/** Takes a value, and gives the text by which a statement names it: `$3::bigint`. */
export type Bind = (value: unknown, type: string) => string;

/** The values of one statement, in the order of their parameters. */
export const createBinder = (): { values: unknown[]; bind: Bind } => {
  const values: unknown[] = [];
  return { values, bind: (value, type) => `$${values.push(value)}::${type}` };
};

/** Flags that are tags of `search`; the others are columns. */
const TAGGED: ReadonlySet<RecordFlag> = new Set<RecordFlag>([
  'deleted',
  'pinned',
  'ad',
  'repost',
  'edited',
]);

const FLAGS_OF: Record<RecordKind, Partial<Record<RecordFlag, (row: string) => string>>> = {
  posts: { owner: (row) => `${row}.from_id = ${row}.owner_id` },
  comments: {
    owner: (row) => `${row}.from_id = ${row}.owner_id`,
    reply: (row) => `${row}.thread_root_id IS NOT NULL`,
    root: (row) => `${row}.thread_root_id IS NULL`,
  },
};

/** Of these flags, those that the index over words and tags can find. */
export const taggedOnly = (flags: readonly RecordFlag[]): RecordFlag[] =>
  flags.filter((flag) => TAGGED.has(flag));

/** Words and tags as tsqueries: what must be there, then what must not, by which no index finds. */
const buildSearch = ({ words, has, is, not }: RecordFilter): string[] => {
  const wanted = [
    ...(words === null ? [] : [`(${words})`]),
    ...[...has, ...taggedOnly(is)].map((name) => `'=${name}'`),
  ];
  const unwanted = [
    ...(not.words === null ? [] : [`!(${not.words})`]),
    ...[...not.has, ...taggedOnly(not.is)].map((name) => `!'=${name}'`),
  ];
  return [wanted, unwanted].flatMap((terms) => (terms.length === 0 ? [] : [terms.join(' & ')]));
};

/** A flag that this kind of record cannot bear is true of none. */
const flagConditions = (kind: RecordKind, row: string, { is, not }: RecordFilter): string[] => {
  const build = (flag: RecordFlag): string | null =>
    TAGGED.has(flag) ? null : (FLAGS_OF[kind][flag]?.(row) ?? 'false');
  return [
    ...is.flatMap((flag) => build(flag) ?? []),
    ...not.is.flatMap((flag) => {
      const condition = build(flag);
      return condition === null ? [] : [`(${condition}) IS NOT TRUE`];
    }),
  ];
};

const escapeLike = (part: string): string => part.replaceAll(/[\\%_]/g, String.raw`\$&`);

/** Text as substrings are looked for in it: small letters, ё as е. */
const foldedText = (kind: RecordKind, row: string): string => {
  const text =
    kind === 'posts'
      ? `${row}.text || ' ' || coalesce(${row}.copy_history -> 0 ->> 'text', '')`
      : `${row}.text`;
  return `replace(lower(${text}), 'ё', 'е')`;
};

/** The walls of communities. */
export const toOwners = (communityIds: readonly number[]): number[] =>
  communityIds.map((id) => -id);

const restConditions = (
  kind: RecordKind,
  row: string,
  filter: RecordFilter,
  bind: Bind,
): string[] => {
  const { taskId, parts, not } = filter;
  const postId = kind === 'posts' ? 'id' : 'post_id';
  return [
    ...(taskId === null
      ? []
      : [
          `EXISTS (SELECT FROM task_posts t WHERE t.task_id = ${bind(taskId, 'bigint')} ` +
            `AND t.owner_id = ${row}.owner_id AND t.post_id = ${row}.${postId})`,
        ]),
    ...(not.communityIds.length === 0
      ? []
      : [`${row}.owner_id <> ALL (${bind(toOwners(not.communityIds), 'bigint[]')})`]),
    ...(not.authorIds.length === 0
      ? []
      : [`(${row}.from_id = ANY (${bind(not.authorIds, 'bigint[]')})) IS NOT TRUE`]),
    ...parts.map(
      (part) => `${foldedText(kind, row)} LIKE ${bind(`%${escapeLike(part)}%`, 'text')}`,
    ),
    ...flagConditions(kind, row, filter),
  ];
};

/**
 * The filter as SQL conditions, all of which must hold, over a table of that kind whose rows are
 * called `row`; each value that is bound is used. Conditions rather than `$1 IS NULL OR …`, which
 * would keep the planner from using an index.
 */
export const buildConditions = (
  kind: RecordKind,
  row: string,
  filter: RecordFilter,
  bind: Bind,
): string[] => {
  const { communityIds, authorIds, since, until, likesMin } = filter;
  const conditions: string[] = [];
  if (communityIds !== null) {
    conditions.push(`${row}.owner_id = ANY (${bind(toOwners(communityIds), 'bigint[]')})`);
  }
  if (authorIds !== null) conditions.push(`${row}.from_id = ANY (${bind(authorIds, 'bigint[]')})`);
  if (since !== null) conditions.push(`${row}.date >= ${bind(since, 'timestamptz')}`);
  if (until !== null) conditions.push(`${row}.date <= ${bind(until, 'timestamptz')}`);
  if (likesMin !== null) conditions.push(`${row}.likes >= ${bind(likesMin, 'int')}`);
  for (const search of buildSearch(filter)) {
    conditions.push(`${row}.search @@ ${bind(search, 'tsquery')}`);
  }
  return [...conditions, ...restConditions(kind, row, filter, bind)];
};

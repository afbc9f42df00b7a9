import { AUTHORS } from './authorFinder';
import { COMMUNITIES } from './communityReadRepository';
import type { NamedTable } from './namedRows';
import type { Select } from './select';

/** Of one name, who bears it: those whose short name it is, else all who have its words in theirs. */
export interface NameBearers {
  people: number[];
  /** Positive ids. */
  communities: number[];
}

export interface WriterNameRepository {
  /** One for each, in the same order; null where more than `NAME_BEARERS_MAX` bear it. */
  find(names: readonly string[]): Promise<(NameBearers | null)[]>;
}

export const NAME_BEARERS_MAX = 500;

interface Row {
  place: number;
  is_person: boolean;
  id: number;
  is_short: boolean;
}

const bearers = (isPerson: boolean, { table, nameWords }: NamedTable): string => `
  (SELECT ${isPerson} AS is_person, id,
     coalesce(lower(screen_name) = wanted.name, false) AS is_short
   FROM ${table} WHERE ${nameWords} @@ plainto_tsquery('pg_catalog.simple', wanted.name)
   ORDER BY is_short DESC LIMIT ${NAME_BEARERS_MAX + 1})`;

const FIND = `
SELECT wanted.place::int, found.*
FROM unnest($1::text[]) WITH ORDINALITY AS wanted (name, place)
CROSS JOIN LATERAL (
  ${bearers(true, AUTHORS)}
  UNION ALL
  ${bearers(false, COMMUNITIES)}
) AS found`;

const toBearers = (rows: readonly Row[]): NameBearers | null => {
  const short = rows.filter((row) => row.is_short);
  const meant = short.length > 0 ? short : rows;
  if (meant.length > NAME_BEARERS_MAX) return null;
  const idsOf = (isPerson: boolean): number[] =>
    meant.filter((row) => row.is_person === isPerson).map(({ id }) => id);
  return { people: idsOf(true), communities: idsOf(false) };
};

/** Looks names up by the words in them. */
export const createWriterNameRepository = ({
  select,
}: {
  select: Select;
}): WriterNameRepository => ({
  async find(names) {
    if (names.length === 0) return [];
    const rows = await select<Row>(FIND, [names]);
    const byPlace = Map.groupBy(rows, ({ place }) => place);
    return names.map((_, index) => toBearers(byPlace.get(index + 1) ?? []));
  },
});

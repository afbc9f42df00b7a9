import type { NameBearers, WriterNameRepository } from '../../repositories/writerNameRepository';
import { foldText, type Filters, type QueryNote, type WrittenName } from './parseQuery';

export interface NamedIds {
  communityIds: number[];
  /** People above zero, communities below. */
  authorIds: number[];
  notes: QueryNote[];
}

/** Nobody has it: a filter of names that nobody bears finds nothing, rather than everything. */
const NOBODY = 0;

/** @returns the ids with those of the names among them */
const fill = (
  ids: readonly number[],
  names: readonly WrittenName[],
  found: ReadonlyMap<WrittenName, number[] | null>,
): number[] => {
  const known = names.filter((name) => found.get(name) !== null);
  const named = known.flatMap((name) => found.get(name) ?? []);
  const all = [...ids, ...named];
  return all.length === 0 && known.length > 0 ? [NOBODY] : all;
};

const toWriters = ({ people, communities }: NameBearers): number[] => [
  ...people,
  ...communities.map((id) => -id),
];

/** Puts ids in the place of the names that were written in `author:` and `community:`. */
export const createResolveNames =
  ({ writerNameRepository }: { writerNameRepository: WriterNameRepository }) =>
  async (filters: Filters): Promise<NamedIds> => {
    const { authorNames, communityNames } = filters;
    const names = [...authorNames, ...communityNames];
    const bearers = await writerNameRepository.find(names.map(({ name }) => foldText(name)));
    const found = new Map<WrittenName, number[] | null>();
    for (const [index, name] of names.entries()) {
      const all = bearers[index] ?? null;
      const isAuthor = index < authorNames.length;
      found.set(name, all && (isAuthor ? toWriters(all) : all.communities));
    }
    return {
      communityIds: fill(filters.communityIds, communityNames, found),
      authorIds: fill(filters.authorIds, authorNames, found),
      notes: names.flatMap((name): QueryNote[] => {
        const ids = found.get(name);
        if (ids?.length) return [];
        return [{ code: ids ? 'name_unknown' : 'name_too_common', part: name.part }];
      }),
    };
  };

import type { Transaction } from 'sequelize';
import type { ErasureRepository } from '../../repositories/erasureRepository';
import { ErasureKeyError, markOf, type ErasureKey } from './erasureKey';
import type { ErasedPeople } from './withoutPeople';

export interface ErasureGuard {
  /**
   * Who must not be stored, as it stays until the transaction ends; null while nobody was ever
   * erased, which costs one short statement.
   * @throws ErasureKeyError where that cannot be known here: then nothing may be stored.
   */
  hold(transaction: Transaction): Promise<ErasedPeople | null>;
}

/** Answers that are remembered: a page names the same people over and over. */
const ANSWERS_MAX = 100_000;

const createErasedPeople = (key: Buffer, marks: readonly Buffer[]): ErasedPeople => {
  const known = new Set(marks.map((mark) => mark.toString('base64')));
  const answers = new Map<number, boolean>();
  return {
    has(personId) {
      const answer = answers.get(personId);
      if (answer !== undefined) return answer;
      const isErased = personId > 0 && known.has(markOf(key, personId).toString('base64'));
      if (answers.size >= ANSWERS_MAX) answers.clear();
      answers.set(personId, isErased);
      return isErased;
    },
  };
};

/** Stands before every table that what VK sends is stored in. */
export const createErasureGuard = ({
  erasureRepository,
  erasureKey,
}: {
  erasureRepository: Pick<ErasureRepository, 'hold' | 'listMarks'>;
  erasureKey: Pick<ErasureKey, 'read'>;
}): ErasureGuard => {
  let last: { count: number; people: ErasedPeople } | null = null;
  return {
    async hold(transaction) {
      const count = await erasureRepository.hold(transaction);
      if (count === 0) return null;
      if (last?.count === count) return last.people;
      const key = await erasureKey.read(transaction);
      if (key === null) throw new ErasureKeyError();
      const people = createErasedPeople(key, await erasureRepository.listMarks(transaction));
      last = { count, people };
      return people;
    },
  };
};

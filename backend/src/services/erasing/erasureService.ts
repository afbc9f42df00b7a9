import type { Transaction } from 'sequelize';
import type { ErasureRepository } from '../../repositories/erasureRepository';
import {
  NAMING_PLACES,
  type ErasedNameRepository,
  type NamingPlace,
} from '../../repositories/erasedNameRepository';
import type {
  ErasedRowRepository,
  ErasedRows,
  KeyRange,
  RowKey,
} from '../../repositories/erasedRowRepository';
import type { WithTransaction } from '../../repositories/withTransaction';
import type { Logger } from '../../utils/logger';
import { emptyComment, emptyPost, eraseInComment, eraseInPost } from './erasedRows';
import { markOf, type ErasureKey } from './erasureKey';
import { eraseInJson, eraseInReference, eraseInText, type ErasedPeople } from './withoutPeople';

/** What is stored of a person, or was until now. */
export interface ErasureCounts {
  /** Rows with the name. */
  names: number;
  posts: number;
  comments: number;
  /** Posts, comments and communities of others that name the person. */
  mentions: number;
  /** Tasks that count the person among their authors. */
  taskLinks: number;
  /** Events, pasted lines, names of tasks and kept replies that name the person. */
  events: number;
}

export interface Erasure extends ErasureCounts {
  /** Since when nothing of the person is stored any more; null: it still is. */
  erasedAt: Date | null;
}

export interface ErasureService {
  /**
   * Counts what `erase` would change; reads both large tables as a whole.
   * @throws AppError `conflict` where the list of erased people cannot be read here.
   */
  preview(personId: number): Promise<Erasure>;
  /**
   * Puts the person on the list, then removes what is stored: many short transactions, none of which
   * leaves half a record. May be stopped at any point and called again, also for people of whom
   * nothing is stored yet.
   * @throws AppError `conflict` where there is no secret, or the list cannot be read here.
   */
  erase(personId: number): Promise<Erasure>;
}

interface ErasureDependencies {
  withTransaction: WithTransaction;
  erasureRepository: ErasureRepository;
  erasedRowRepository: ErasedRowRepository;
  erasedNameRepository: ErasedNameRepository;
  erasureKey: ErasureKey;
  logger: Logger;
}

/** Rows of one transaction: few enough that collecting hardly waits for them. */
const BATCH_ROWS = 250;
/** Rows that one statement looks through for a name. */
const BLOCK_ROWS = 20_000;

type Erase<Row> = (row: Row, erased: ErasedPeople) => Row;

export const createErasureService = (deps: ErasureDependencies): ErasureService => {
  const { withTransaction, erasureRepository, erasedNameRepository, erasureKey } = deps;
  const { posts, comments } = deps.erasedRowRepository;

  const emptyAll = async <Row extends RowKey>(
    rows: ErasedRows<Row>,
    personId: number,
    toEmpty: (row: Row) => Row,
  ): Promise<number> => {
    for (let total = 0; ;) {
      const taken = await withTransaction(undefined, async (transaction) => {
        const written = await rows.takeBy(personId, BATCH_ROWS, transaction);
        await rows.empty(written.map(toEmpty), transaction);
        return written.length;
      });
      total += taken;
      if (taken === 0) return total;
    }
  };

  /** @param isDone whether what is found is also removed */
  const eraseMentions = async <Row extends RowKey>(
    rows: ErasedRows<Row>,
    personId: number,
    eraseIn: Erase<Row>,
    isDone: boolean,
  ): Promise<number> => {
    const erased = onlyPerson(personId);
    const eraseBatch = async (range: KeyRange, transaction?: Transaction) => {
      const suspects = await rows.listSuspects(personId, range, BATCH_ROWS, transaction);
      const changed = suspects.flatMap((row) => {
        const next = eraseIn(row, erased);
        return next === row ? [] : [next];
      });
      if (transaction) await rows.update(changed, transaction);
      return { found: changed.length, last: suspects.length < BATCH_ROWS ? null : suspects.at(-1) };
    };
    let total = 0;
    for (let after: RowKey | null = null, upTo: RowKey | null; ; after = upTo) {
      upTo = await rows.findEdge(after, BLOCK_ROWS);
      for (let from: RowKey | null | undefined = after; from !== undefined;) {
        const range: KeyRange = { after: from, upTo };
        const batch = isDone
          ? await withTransaction(undefined, (transaction) => eraseBatch(range, transaction))
          : await eraseBatch(range);
        total += batch.found;
        from = batch.last ?? undefined;
      }
      if (upTo === null) return total;
    }
  };

  const eraseIn = async (
    place: NamingPlace,
    personId: number,
    transaction?: Transaction,
  ): Promise<number> => {
    const erased = onlyPerson(personId);
    const inText = place === 'communities' ? eraseInText : eraseInReference;
    const suspects = await erasedNameRepository.listSuspects(place, personId, transaction);
    let found = 0;
    for (const { key, value } of suspects) {
      const next = eraseInJson(value, erased, inText);
      if (JSON.stringify(next) === JSON.stringify(value)) continue;
      found += 1;
      if (transaction) await erasedNameRepository.update(place, { key, value: next }, transaction);
    }
    return found;
  };

  const eraseNames = async (
    personId: number,
    isDone: boolean,
  ): Promise<Pick<ErasureCounts, 'mentions' | 'events'>> => {
    let mentions = await eraseMentions(posts, personId, eraseInPost, isDone);
    mentions += await eraseMentions(comments, personId, eraseInComment, isDone);
    let events = 0;
    for (const place of NAMING_PLACES) {
      const found = isDone
        ? await withTransaction(undefined, (transaction) => eraseIn(place, personId, transaction))
        : await eraseIn(place, personId);
      if (place === 'communities') mentions += found;
      else events += found;
    }
    return { mentions, events };
  };

  const putOnList = (personId: number): Promise<Date> =>
    withTransaction(undefined, async (transaction) => {
      const key = await erasureKey.obtain(transaction);
      return erasureRepository.add(markOf(key, personId), transaction);
    });

  return {
    async preview(personId) {
      const key = await erasureKey.read();
      return {
        erasedAt: key === null ? null : await erasureRepository.find(markOf(key, personId)),
        ...(await erasedNameRepository.count(personId)),
        posts: await posts.countBy(personId),
        comments: await comments.countBy(personId),
        ...(await eraseNames(personId, false)),
      };
    },

    async erase(personId) {
      // First of all: from here on nothing of the person is stored anew, however far the rest comes.
      const erasedAt = await putOnList(personId);
      const named = await withTransaction(undefined, async (transaction) => ({
        taskLinks: await erasedNameRepository.removeLinks(personId, transaction),
        names: await erasedNameRepository.removeAuthor(personId, transaction),
      }));
      const erasure = {
        erasedAt,
        ...named,
        posts: await emptyAll(posts, personId, emptyPost),
        comments: await emptyAll(comments, personId, emptyComment),
        ...(await eraseNames(personId, true)),
      };
      // Who it was is nobody's business any more, that of the log included.
      deps.logger.info('person erased', { rows: erasure.posts + erasure.comments });
      return erasure;
    },
  };
};

const onlyPerson = (personId: number): ErasedPeople => ({ has: (id) => id === personId });

import type { ErasureRepository } from '../../repositories/erasureRepository';
import { NAMING_PLACES, type ErasedNameRepository } from '../../repositories/erasedNameRepository';
import type {
  ErasedRowRepository,
  ErasedRows,
  RowKey,
} from '../../repositories/erasedRowRepository';
import type { WithTransaction } from '../../repositories/withTransaction';
import type { Logger } from '../../utils/logger';
import { emptyComment, emptyPost, eraseInComment, eraseInPost } from './erasedRows';
import { BATCH_ROWS, eraseInPlace, eraseMentions, type Step } from './eraseMentions';
import { markOf, type ErasureKey } from './erasureKey';

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

  const eraseNames = async (
    personId: number,
    step: Step,
  ): Promise<Pick<ErasureCounts, 'mentions' | 'events'>> => {
    const search = { personId, step };
    let mentions = await eraseMentions({ ...search, rows: posts, eraseIn: eraseInPost });
    mentions += await eraseMentions({ ...search, rows: comments, eraseIn: eraseInComment });
    let events = 0;
    for (const place of NAMING_PLACES) {
      const found = await eraseInPlace(erasedNameRepository, place, search);
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
        ...(await eraseNames(personId, (count) => count())),
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
        ...(await eraseNames(personId, (work) => withTransaction(undefined, work))),
      };
      // Who it was is nobody's business any more, that of the log included.
      deps.logger.info('person erased', { rows: erasure.posts + erasure.comments });
      return erasure;
    },
  };
};

import type { Sequelize, Transaction } from 'sequelize';

export type WithTransaction = <T>(
  transaction: Transaction | undefined,
  work: (transaction: Transaction) => Promise<T>,
) => Promise<T>;

/**
 * Runs `work` in the given transaction, or in one of its own that commits when `work` returns and
 * rolls back when it throws. Transactions are handed on by hand: nothing propagates by itself.
 */
export const createWithTransaction =
  (sequelize: Sequelize): WithTransaction =>
  (transaction, work) =>
    transaction ? work(transaction) : sequelize.transaction(work);

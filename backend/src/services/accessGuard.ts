import type { Transaction } from 'sequelize';
import { AppError } from '../errors';
import type { AccessRepository } from '../repositories/accessRepository';
import type { WithTransaction } from '../repositories/withTransaction';

/**
 * Makes a change after which somebody can still administer the service, unless nobody could before.
 * @param force makes it all the same.
 * @throws AppError `conflict`; nothing is changed then.
 */
export type GuardAdmins = <T>(
  force: boolean,
  change: (transaction: Transaction) => Promise<T>,
) => Promise<T>;

export const createGuardAdmins =
  ({
    accessRepository,
    withTransaction,
  }: {
    accessRepository: AccessRepository;
    withTransaction: WithTransaction;
  }): GuardAdmins =>
  (force, change) =>
    withTransaction(undefined, async (transaction) => {
      await accessRepository.lock(transaction);
      const hadAdmin = await accessRepository.hasAdmin(transaction);
      const result = await change(transaction);
      if (hadAdmin && !force && !(await accessRepository.hasAdmin(transaction))) {
        throw new AppError(
          'conflict',
          'After this no admin key would be in force and no admin could sign in with a password. ' +
            'Make another one first, or repeat this with `?force=true`.',
        );
      }
      return result;
    });

import type { Sequelize } from 'sequelize';
import { AppError } from '../errors';
import { isTimeLimit } from './databaseErrors';
import { createSelect, type Select } from './select';

/** Statements of people who read; each throws AppError `query_too_slow` if its time is up. */
export const createReadSelect = (sequelize: Sequelize): Select => {
  const select = createSelect(sequelize);
  return async <Row extends object>(sql: string, bind: unknown[]) => {
    try {
      return await select<Row>(sql, bind);
    } catch (error) {
      if (!isTimeLimit(error)) throw error;
      throw new AppError(
        'query_too_slow',
        'The database needs too long for this; narrow it by a date or a community.',
        { cause: error },
      );
    }
  };
};

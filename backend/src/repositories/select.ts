import { QueryTypes, type Sequelize, type Transaction } from 'sequelize';

export type Select = <Row extends object>(
  sql: string,
  bind: unknown[],
  transaction?: Transaction,
) => Promise<Row[]>;

/** Statements with `$1` parameters whose rows come back, `RETURNING` included. */
export const createSelect =
  (sequelize: Sequelize): Select =>
  <Row extends object>(sql: string, bind: unknown[], transaction?: Transaction) =>
    sequelize.query<Row>(sql, { bind, type: QueryTypes.SELECT, transaction: transaction ?? null });

import type { Client } from 'pg';
import { DatabaseError, type Sequelize } from 'sequelize';
import { isLostConnection } from './databaseUnavailable';

export type PreparedSelect<Row extends object> = (values: unknown[]) => Promise<Row[]>;

/** What Sequelize's pool keeps, with its own mark of one that must not be used again. */
type PooledClient = Client & { _invalid?: boolean };

/**
 * A statement that each connection plans once and then keeps under the name: for those that are asked
 * all the time and take longer to plan than to run. Sequelize itself cannot name statements.
 * @throws ConnectionError of Sequelize without a connection, DatabaseError when the statement fails.
 */
export const createPreparedSelect =
  <Row extends object>(
    { connectionManager }: Sequelize,
    name: string,
    text: string,
  ): PreparedSelect<Row> =>
  async (values) => {
    const client = (await connectionManager.getConnection({ type: 'read' })) as PooledClient;
    try {
      const { rows } = await client.query<Row>({ name, text, values });
      return rows;
    } catch (error) {
      if (isLostConnection(error)) client._invalid = true;
      // Its type wants to know which statement it was; the name says it, and nothing of the values.
      throw new DatabaseError(Object.assign(error as Error, { sql: name }));
    } finally {
      connectionManager.releaseConnection(client);
    }
  };

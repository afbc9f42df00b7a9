import { openService, type Connection } from '../client/connection';
import { EXIT } from '../output/cliError';
import type { CommandContext } from './context';
import type { ServiceOptions } from './serviceOptions';

/**
 * Talks to the running service, else to one of our own without a worker.
 * @returns the exit code that `work` gives, or that of success.
 */
export const withService = async (
  options: ServiceOptions,
  context: CommandContext,
  work: (connection: Connection) => Promise<number | void>,
): Promise<number> => {
  const connection = await openService({ ...options, withWorker: false }, context);
  try {
    return (await work(connection)) ?? EXIT.complete;
  } finally {
    await connection.release();
  }
};

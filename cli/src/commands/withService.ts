import { openService, type Connection } from '../client/connection';
import { EXIT } from '../output/cliError';
import type { CommandContext } from './context';
import type { ServiceOptions } from './serviceOptions';

/** Talks to the running service, else to one of our own without a worker. @returns the exit code. */
export const withService = async (
  options: ServiceOptions,
  context: CommandContext,
  work: (connection: Connection) => Promise<void>,
): Promise<number> => {
  const connection = await openService({ ...options, withWorker: false }, context);
  try {
    await work(connection);
    return EXIT.complete;
  } finally {
    await connection.release();
  }
};

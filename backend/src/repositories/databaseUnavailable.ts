import { ConnectionError, DatabaseError } from 'sequelize';

/**
 * SQLSTATE classes and codes of a server that cannot serve now: connection lost (08), out of
 * connections, memory or disk (53), shutting down, crashed or starting up (57P01 to 57P03).
 */
const UNAVAILABLE_STATE = /^(?:08|53)...$|^57P0[123]$/;
const LOST =
  /^Connection terminated|^Client has encountered a connection error|^timeout expired|^Query read timeout|^timeout exceeded when trying to connect/;
const SOCKET_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND']);

/** For an error of the database driver itself; another server's errors look the same. */
export const isLostConnection = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  if (typeof code === 'string') return UNAVAILABLE_STATE.test(code) || SOCKET_CODES.has(code);
  return LOST.test(error.message);
};

/** Whether the database, rather than what was asked of it, is why a query failed. */
export const isDatabaseUnavailable = (error: unknown): boolean =>
  error instanceof ConnectionError ||
  (error instanceof DatabaseError && isLostConnection(error.original));

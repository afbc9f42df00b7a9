import { DatabaseError } from 'sequelize';

/** PostgreSQL's codes: a statement was cancelled, as its time limit does; a parameter's value is none. */
const QUERY_CANCELED = '57014';
const INVALID_PARAMETER_VALUE = '22023';

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof DatabaseError && (error.original as { code?: unknown }).code === code;

export const isTimeLimit = (error: unknown): boolean => hasCode(error, QUERY_CANCELED);

/** Of a statement that can be wrong in nothing but its time zone. */
export const isUnknownZone = (error: unknown): boolean => hasCode(error, INVALID_PARAMETER_VALUE);

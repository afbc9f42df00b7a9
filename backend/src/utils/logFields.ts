type Text = 'text';
type Count = 'count';
type Flag = 'flag';

/**
 * The only fields that a log line may carry; anything else is dropped. A name is added here after
 * asking whether its value can ever hold a secret, a person's words or an address with a password.
 */
export const LOG_FIELDS = {
  // whose line it is
  requestId: 'text',
  taskId: 'count',
  targetId: 'count',
  jobId: 'text',
  epoch: 'count',
  keyId: 'count',
  userId: 'count',
  // The key or user that was changed, which is seldom the one that changes it.
  subjectId: 'count',
  component: 'text',
  check: 'text',
  // a request: ours, or one to VK
  method: 'text',
  route: 'text',
  status: 'text',
  durationMs: 'count',
  ms: 'count',
  aborted: 'flag',
  calls: 'count',
  // The last characters of a token, never the token.
  token: 'text',
  tokenKind: 'text',
  spacingMs: 'count',
  // what happened
  kind: 'text',
  format: 'text',
  code: 'count',
  fault: 'text',
  action: 'text',
  rows: 'count',
} as const satisfies Record<string, Text | Count | Flag>;

type LogFieldName = keyof typeof LOG_FIELDS;
interface LogFieldTypes {
  text: string | number;
  count: number;
  flag: boolean;
}

export type LogFields = {
  [Name in LogFieldName]?: LogFieldTypes[(typeof LOG_FIELDS)[Name]] | null | undefined;
} & {
  /** Reduced to name, message, code, stack and causes. */
  error?: unknown;
};

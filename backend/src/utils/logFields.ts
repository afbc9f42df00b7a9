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
  walkId: 'count',
  jobId: 'text',
  epoch: 'count',
  keyId: 'count',
  component: 'text',
  // HTTP, ours
  method: 'text',
  route: 'text',
  status: 'text',
  durationMs: 'count',
  aborted: 'flag',
  // VK
  vkMethod: 'text',
  vkCode: 'count',
  ownerId: 'count',
  postId: 'count',
  tokenKind: 'text',
  // The fingerprint of a token, never the token.
  token: 'text',
  // what happened
  kind: 'text',
  state: 'text',
  action: 'text',
  attempt: 'count',
  delayMs: 'count',
  waitingFor: 'text',
  until: 'text',
  count: 'count',
  rows: 'count',
  calls: 'count',
  requests: 'count',
  // the process
  check: 'text',
  host: 'text',
  port: 'count',
  pid: 'count',
  signal: 'text',
  version: 'text',
  migration: 'text',
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

import type { ReasonKind } from '@stenograf/contracts/reasons';

export type ErrorScope = 'community' | 'post' | 'token' | 'request' | 'network';

interface VkErrorFields {
  kind: ReasonKind;
  /** VK's `error_code`, null where none came. */
  code: number | null;
  /** Whether the same call may succeed later without anybody changing anything. */
  retryable: boolean;
  /** What the failure is about: one post, the whole community, the token, our request, the way. */
  scope: ErrorScope;
}

/** A call that failed for good at this layer: retries and other tokens are already used up. */
export class VkError extends Error {
  override readonly name: string = 'VkError';
  readonly kind: ReasonKind;
  readonly code: number | null;
  readonly retryable: boolean;
  readonly scope: ErrorScope;

  constructor(message: string, fields: VkErrorFields, options?: ErrorOptions) {
    super(message, options);
    this.kind = fields.kind;
    this.code = fields.code;
    this.retryable = fields.retryable;
    this.scope = fields.scope;
  }
}

export type WaitingFor = 'quota' | 'token' | 'captcha';

/** No token can make this call for now. It was not refused: it may be made again later. */
export class VkWaitError extends Error {
  override readonly name = 'VkWaitError';
  readonly waitingFor: WaitingFor;
  /** When a token is tried again by itself; null if a person must act first. */
  readonly until: Date | null;
  readonly kind: ReasonKind;
  readonly code: number | null;

  constructor(
    message: string,
    fields: { waitingFor: WaitingFor; until: Date | null; kind: ReasonKind; code: number | null },
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.waitingFor = fields.waitingFor;
    this.until = fields.until;
    this.kind = fields.kind;
    this.code = fields.code;
  }
}

export type TransportFault =
  'network' | 'timeout' | 'http' | 'not_json' | 'too_large' | 'wrong_shape';

/** A request that brought no reply of VK's API. Its message never holds a token or a body. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  readonly fault: TransportFault;
  /** HTTP status, null where none came. */
  readonly status: number | null;

  constructor(
    message: string,
    fields: { fault: TransportFault; status?: number | null },
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.fault = fields.fault;
    this.status = fields.status ?? null;
  }
}

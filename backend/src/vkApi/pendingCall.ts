import type { Token } from './token';
import { CALLS_PER_EXECUTE, innerCallCode } from './executeBatch';
import type { VkError } from './errors';
import type { CallContext, CallSpending, VkMethod } from './types';

const PRIORITY = 5;
/** Retries go before what of their priority was not tried yet: they waited longest. */
const RETRY_LEAD = 0.5;

/** One call on its way through the engine. */
export interface PendingCall {
  readonly method: VkMethod;
  readonly params: Record<string, string | number>;
  /** The call as VKScript. */
  readonly code: string;
  readonly groupKey: string;
  rank: number;
  /** Tries that counted toward the limit. */
  attempts: number;
  /** Answers "too many requests per second". */
  slowed: number;
  /** Packs it was in that broke on the way. */
  brokenPacks: number;
  /** The largest pack it may share; smaller after a pack of its was too much for VK. */
  packMax: number;
  /** The only token that it may be made with, null for any. */
  readonly only: Token | null;
  readonly deniedTo: Set<Token>;
  /** What the first token was denied with, should no other be able to tell more. */
  denial: VkError | null;
  readonly settled: boolean;
  spend: (spent: Partial<CallSpending>) => void;
  resolve: (reply: unknown, fetchedAt: Date) => void;
  reject: (error: unknown) => void;
}

interface Settlers {
  resolve: (reply: unknown, fetchedAt: Date) => void;
  reject: (error: unknown) => void;
  /** The call is given up by its caller; it is settled already. */
  onAbort: (call: PendingCall) => void;
}

export const createPendingCall = (
  method: VkMethod,
  params: object,
  context: CallContext,
  { resolve, reject, onAbort }: Settlers,
  only: Token | null = null,
): PendingCall => {
  const plainParams = plainValues(params);
  let settled = false;
  const settle = (act: () => void): void => {
    if (settled) return;
    settled = true;
    context.signal?.removeEventListener('abort', abort);
    act();
  };
  const abort = (): void => {
    settle(() => reject(context.signal?.reason));
    onAbort(call);
  };
  const call: PendingCall = {
    method,
    params: plainParams,
    code: innerCallCode(method, plainParams),
    groupKey: context.groupKey,
    rank: context.priority ?? PRIORITY,
    attempts: 0,
    slowed: 0,
    brokenPacks: 0,
    packMax: CALLS_PER_EXECUTE,
    only,
    deniedTo: new Set(),
    denial: null,
    get settled() {
      return settled;
    },
    spend: (spent) => context.onSpent?.({ calls: 0, requests: 0, errors: 0, ...spent }),
    resolve: (reply, fetchedAt) => settle(() => resolve(reply, fetchedAt)),
    reject: (error) => settle(() => reject(error)),
  };
  context.signal?.addEventListener('abort', abort, { once: true });
  return call;
};

/** Puts a call that comes back before those of its priority that were never tried. */
export const markRetried = (call: PendingCall): void => {
  if (Number.isInteger(call.rank)) call.rank -= RETRY_LEAD;
};

/** VK reads booleans as 1 and 0 and lists joined by commas; what is undefined is not sent. */
const plainValues = (params: object): Record<string, string | number> => {
  const entries = Object.entries(params).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries.map(([name, value]) => [name, plainValue(value)]));
};

const plainValue = (value: unknown): string | number => {
  if (typeof value === 'boolean') return Number(value);
  return typeof value === 'number' ? value : String(value);
};

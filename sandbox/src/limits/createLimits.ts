import type { RawParams } from '../vk/callParams';
import { VkFailure } from '../vk/errors';
import type { Switches } from '../vk/switches';
import { createSlidingWindow, type SlidingWindow } from './slidingWindow';
import { requestsPerSecond, type SandboxToken } from './tokens';

/** When one token sends the same call over and over: one more than `calls` in a row is error 9. */
export interface FloodLimit {
  calls: number;
  /** Within this time; calls that are further apart do not count together. */
  windowMs: number;
}

export interface LimitOptions {
  switches: Pick<Switches, 'rateScope' | 'quotaScope' | 'quotaWindow'>;
  /** None when left out: VK publishes no number. */
  flood?: FloodLimit | undefined;
}

/** What the tokens have used up. Moments are those of the sandbox's clock. */
export interface Limits {
  /** How many requests the fullest second holds, when that is more than the token may send. */
  countAboveRate(token: SandboxToken, address: string, arrivedAtMs: number): number | null;
  /** @throws VkFailure 29 when the token's calls of this method are used up for the day */
  spendQuota(token: SandboxToken, method: string, arrivedAtMs: number): void;
  /** @throws VkFailure 9 for the same call once too often in a row */
  assertNoFlood(token: SandboxToken, call: MethodCall, arrivedAtMs: number): void;
}

interface MethodCall {
  method: string;
  params: RawParams;
}

const SECOND_MS = 1_000;
const HALF_HOUR_MS = 30 * 60 * SECOND_MS;
const DAY_MS = 48 * HALF_HOUR_MS;

/** One window for each name that asks for one. */
const createWindows = (lengthMs: number) => {
  const windows = new Map<string, SlidingWindow>();
  return (name: string): SlidingWindow => {
    const window = windows.get(name) ?? createSlidingWindow(lengthMs);
    windows.set(name, window);
    return window;
  };
};

const createFloodGate = ({ calls, windowMs }: FloodLimit): Limits['assertNoFlood'] => {
  const last = new Map<string, { call: string; window: SlidingWindow }>();
  return ({ token }, { method, params }, arrivedAtMs) => {
    const sorted = [...params].toSorted(([one], [other]) => (one < other ? -1 : 1));
    const call = JSON.stringify([method, sorted]);
    const known = last.get(token);
    const row = known?.call === call ? known : { call, window: createSlidingWindow(windowMs) };
    last.set(token, row);
    if (!row.window.admit(arrivedAtMs, calls).isAdmitted) throw new VkFailure(9);
  };
};

export const createLimits = ({ switches, flood }: LimitOptions): Limits => {
  const { rateScope, quotaScope, quotaWindow } = switches;
  const rateOf = createWindows(SECOND_MS);
  const quotaOf = createWindows(DAY_MS);
  const rateKey = ({ token, account }: SandboxToken, address: string): string => {
    if (rateScope === 'address') return address;
    return rateScope === 'account' ? (account ?? token) : token;
  };
  return {
    countAboveRate: (token, address, arrivedAtMs) => {
      const window = rateOf(rateKey(token, address));
      const { isAdmitted, countInWindow } = window.admit(arrivedAtMs, requestsPerSecond(token));
      return isAdmitted ? null : countInWindow;
    },
    spendQuota: (token, method, arrivedAtMs) => {
      const limit = token.quotas?.[method];
      if (limit === undefined) return;
      const scope = quotaScope === 'app' ? token.kind : token.token;
      // Calls of one half hour come free together when they are counted as of its start.
      const at =
        quotaWindow === 'half-hour' ? arrivedAtMs - (arrivedAtMs % HALF_HOUR_MS) : arrivedAtMs;
      if (!quotaOf(`${scope} ${method}`).admit(at, limit).isAdmitted) throw new VkFailure(29);
    },
    assertNoFlood: flood ? createFloodGate(flood) : () => undefined,
  };
};

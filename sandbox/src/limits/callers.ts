import { VkFailure } from '../vk/errors';
import { createSlidingWindow, type SlidingWindow } from './slidingWindow';
import { requestsPerSecond, type SandboxToken } from './tokens';

/** A token with what it has used up. */
export interface Caller {
  token: SandboxToken;
  requests: SlidingWindow;
  callsOf: Map<string, SlidingWindow>;
}

const SECOND_MS = 1_000;
const DAY_MS = 24 * 60 * 60 * 1_000;

export const createCallers = (tokens: readonly SandboxToken[]): ReadonlyMap<string, Caller> =>
  new Map(
    tokens.map((token) => [
      token.token,
      { token, requests: createSlidingWindow(SECOND_MS), callsOf: new Map() },
    ]),
  );

/** @returns how many requests the fullest second holds, when that is more than the token may send */
export const countAboveRate = ({ token, requests }: Caller, arrivedAtMs: number): number | null => {
  const { isAdmitted, countInWindow } = requests.admit(arrivedAtMs, requestsPerSecond(token));
  return isAdmitted ? null : countInWindow;
};

/** @throws VkFailure 29 when the token's calls of this method are used up for the day */
export const spendQuota = (
  { token, callsOf }: Caller,
  method: string,
  arrivedAtMs: number,
): void => {
  const limit = token.quotas?.[method];
  if (limit === undefined) return;
  const calls = callsOf.get(method) ?? createSlidingWindow(DAY_MS);
  callsOf.set(method, calls);
  if (!calls.admit(arrivedAtMs, limit).isAdmitted) throw new VkFailure(29);
};

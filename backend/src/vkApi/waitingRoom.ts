import { CALLS_PER_EXECUTE, CODE_LENGTH_MAX } from './executeBatch';
import { VkError, VkWaitError } from './errors';
import { markRetried } from './pendingCall';
import type { PendingCall } from './pendingCall';
import type { Token } from './token';
import { callsLeft, isReady, mayExecute, outlook } from './tokenChoice';
import type { Obstacle } from './tokenChoice';
import type { TokenPool } from './tokenPool';
import type { ReplySizes } from './replySizes';
import type { Clock } from './types';
import { createWaitingPool } from './waitingPool';

/** A call waits here for a resting token only if it is free again within this time. */
const TOKEN_WAIT_MS_MAX = 5_000;

interface Dependencies {
  pool: TokenPool;
  clock: Clock;
  replySizes: ReplySizes;
  /** Aborted when no request may be sent any more. */
  stopping: AbortSignal;
  /** Calls wait that some token may serve, now or since just now. */
  onWork: () => void;
}

export interface WaitingRoom {
  submit: (call: PendingCall) => void;
  /** Takes a call back, after a pause if one is given. */
  again: (call: PendingCall, delayMs?: number) => void;
  /** Takes a call that was given up out of the line. */
  forget: (call: PendingCall) => void;
  /** To be called when tokens have changed: calls that none can serve soon are sent back. */
  review: () => void;
  hasWorkFor: (token: Token) => boolean;
  /** What the token's next request shall carry. */
  takeFor: (token: Token) => PendingCall[];
  /** Rejects all that waits. */
  dismiss: () => void;
}

/** The calls that wait for a token, and for how long it makes sense that they do. */
export const createWaitingRoom = (deps: Dependencies): WaitingRoom => {
  const { pool, clock, replySizes, stopping, onWork } = deps;
  const waiting = createWaitingPool<PendingCall>();
  /** Calls that pause before their next try. */
  const pausing = new Set<PendingCall>();

  const submit = (call: PendingCall): void => {
    if (call.settled) return;
    if (stopping.aborted) return call.reject(stoppedError());
    waiting.add(call);
    place([call]);
  };

  const again = (call: PendingCall, delayMs = 0): void => {
    markRetried(call);
    if (delayMs <= 0) return submit(call);
    pausing.add(call);
    void after(deps, delayMs, () => pausing.delete(call) && submit(call));
  };

  const forget = (call: PendingCall): void => {
    waiting.remove(call);
    pausing.delete(call);
  };

  const untilOf = (readyAtMs: number): Date | null =>
    readyAtMs === Infinity ? null : pool.dateOf(readyAtMs);

  const place = (calls: readonly PendingCall[]): void => {
    const nowMs = clock.monotonicMs();
    for (const call of calls) {
      const { readyAtMs, obstacle } = outlook(pool.tokens(), call, nowMs);
      if (readyAtMs > nowMs + TOKEN_WAIT_MS_MAX) {
        waiting.remove(call);
        call.reject(call.denial ?? waitError(call, obstacle, untilOf(readyAtMs)));
      } else if (readyAtMs > nowMs) {
        alarm(readyAtMs);
      }
    }
    onWork();
  };

  const review = (): void => place(waiting.items());
  const alarm = createAlarm(deps, review);

  return {
    submit,
    again,
    forget,
    review,
    hasWorkFor: (token) => {
      const nowMs = clock.monotonicMs();
      return waiting.some((call) => isReady(token, call, nowMs));
    },
    takeFor: (token) => {
      const nowMs = clock.monotonicMs();
      const max = mayExecute(token, nowMs) ? CALLS_PER_EXECUTE : 1;
      return waiting.take(
        max,
        (call, taken) =>
          fitsPack([...taken, call], replySizes) &&
          isReady(token, call, nowMs) &&
          taken.filter(({ method }) => method === call.method).length <
            callsLeft(token, call.method),
      );
    },
    dismiss: () => {
      for (const call of [...waiting.items(), ...pausing]) {
        forget(call);
        call.reject(stoppedError());
      }
    },
  };
};

type Timing = Pick<Dependencies, 'clock' | 'stopping'>;

const after = async ({ clock, stopping }: Timing, ms: number, act: () => void): Promise<void> => {
  await clock.sleep(ms, stopping);
  if (!stopping.aborted) act();
};

/** Rings at the earliest of the times it was set to; those after it are set anew by then. */
const createAlarm = (timing: Timing, ring: () => void): ((atMs: number) => void) => {
  let nextMs = Infinity;
  return (atMs) => {
    if (atMs >= nextMs) return;
    nextMs = atMs;
    void after(timing, atMs - timing.clock.monotonicMs() + 1, () => {
      if (nextMs === atMs) nextMs = Infinity;
      ring();
    });
  };
};

/** A pack is as small as the smallest that one of its calls may share. */
const fitsPack = (pack: readonly PendingCall[], replySizes: ReplySizes): boolean => {
  if (pack.length === 1) return true;
  const codeLength = pack.reduce((length, { code }) => length + code.length, 0);
  return (
    pack.every(({ packMax }) => pack.length <= packMax) &&
    codeLength <= CODE_LENGTH_MAX &&
    replySizes.fit(pack)
  );
};

const waitError = (call: PendingCall, obstacle: Obstacle, until: Date | null): VkWaitError =>
  new VkWaitError(`${call.method}: no VK token can make this call now`, { ...obstacle, until });

const stoppedError = (): VkError =>
  new VkError('The VK client is closed', {
    kind: 'cancelled',
    code: null,
    retryable: true,
    scope: 'network',
  });

import type { Redis } from 'ioredis';
import { createRedisClock } from './redisClock';
import { createSlotStore, PENALTY_MS } from './slotStore';
import type { Reservation } from './slotStore';
import type { Clock, VkApiLogger } from './types';

/** Of a slow answer so much is believed of the next one. */
const ROUND_TRIP_DECAY = 0.9;
/** How long to wait with the next question after one that Redis did not answer. */
const REDIS_PAUSE_MS = 200;

export interface PacedToken {
  /** Names the token in Redis; never the token itself. */
  fingerprint: string;
  /** Requests per second that VK allows it. */
  rps: number;
}

/** The right to send one request now. */
export interface Permit {
  /** The slot by the clock of Redis. */
  slotAt: Date;
  spacingMs: number;
}

export interface RateLimiter {
  /**
   * Waits for the token's next slot, over all processes on this Redis. Fails closed: while Redis
   * does not answer there is no permit. null once `wanted` says no.
   */
  acquire: (token: PacedToken, wanted: () => boolean) => Promise<Permit | null>;
  /** After VK's error 6 to a request sent on `permit`; says the same however often it is told. */
  slowDown: (token: PacedToken, permit: Permit) => void;
}

interface Dependencies {
  redis: Redis;
  prefix: string;
  /** N + 1 requests are kept apart by one second and this. */
  jitterMs: number;
  clock: Clock;
  logger: VkApiLogger;
  random: () => number;
  /** Ends every wait. */
  signal: AbortSignal;
}

/** Milliseconds between two requests, so that N + 1 of them take a second and the jitter. */
export const spacingMs = (rps: number, jitterMs: number): number => (1_000 + jitterMs) / rps;

export const createRateLimiter = (deps: Dependencies): RateLimiter => {
  const { jitterMs, clock, random, signal } = deps;
  const store = createSlotStore(deps);
  const redisClock = createRedisClock();
  const lateMsMax = jitterMs / 4;
  /** How long Redis takes to answer of late. */
  let roundTripMs = 0;
  /** When this process last let a request of a token pass: a guard should Redis ever be wrong. */
  const passedAt = new Map<string, number>();
  /** Slots reserved before error 6 came and before this time are not used. */
  const heldUntil = new Map<string, number>();
  const slowedDown = new WeakSet<Permit>();

  const spacingOf = ({ rps }: PacedToken): number => spacingMs(rps, jitterMs);

  const reserve = async (
    token: PacedToken,
    missed: Reservation | null,
  ): Promise<Reservation | null> => {
    const askedAt = clock.monotonicMs();
    const reservation = await store.reserve(token.fingerprint, {
      spacingMs: spacingOf(token),
      leadMs: Math.max(0, roundTripMs - lateMsMax),
      marginMs: marginFor(redisClock.blurMs()),
      missed,
    });
    if (reservation === null) return null;
    const heardAt = clock.monotonicMs();
    redisClock.learn(askedAt, heardAt, reservation.nowMs);
    roundTripMs = Math.max(heardAt - askedAt, roundTripMs * ROUND_TRIP_DECAY);
    return reservation;
  };

  /** With half of the blur and this, a window of `lateMsMax` remains in which to send. */
  const marginFor = (blurMs: number): number =>
    Number.isFinite(blurMs) ? Math.max(0, (blurMs - lateMsMax) / 2) : 0;

  /** A request that would come too early or too late for its slot is not sent. */
  const waitForSlot = async (token: PacedToken, reservation: Reservation): Promise<boolean> => {
    const { earliestMs, latestMs } = redisClock.toMonotonic(reservation.slotMs);
    const offMsMax = lateMsMax + reservation.marginMs;
    const gapMs = reservation.spacingMs * ((1_000 + lateMsMax) / (1_000 + jitterMs));
    const passableAt = (passedAt.get(token.fingerprint) ?? -Infinity) + gapMs;
    const sendAt = Math.max(earliestMs, latestMs - offMsMax, passableAt);
    await sleepUntil(clock, sendAt, signal);
    const now = clock.monotonicMs();
    const held = now < (heldUntil.get(token.fingerprint) ?? -Infinity);
    if (signal.aborted || held || now > earliestMs + offMsMax) return false;
    passedAt.set(token.fingerprint, now);
    return true;
  };

  return {
    acquire: async (token, wanted) => {
      let missed: Reservation | null = null;
      while (wanted() && !signal.aborted) {
        const reservation = await reserve(token, missed);
        missed = null;
        if (reservation === null) {
          await clock.sleep(REDIS_PAUSE_MS, signal);
        } else if (!reservation.granted) {
          // Refused processes come back one after another rather than all at once.
          await clock.sleep(reservation.waitMs + random() * 10, signal);
        } else if (await waitForSlot(token, reservation)) {
          return { slotAt: new Date(reservation.slotMs), spacingMs: reservation.spacingMs };
        } else {
          missed = reservation;
        }
      }
      return null;
    },
    slowDown: (token, permit) => {
      if (slowedDown.has(permit)) return;
      slowedDown.add(permit);
      deps.logger.warn('VK says too many requests per second', { spacingMs: permit.spacingMs });
      heldUntil.set(token.fingerprint, clock.monotonicMs() + PENALTY_MS);
      void store.widen(token.fingerprint, permit.spacingMs, spacingOf(token));
    },
  };
};

const sleepUntil = async (clock: Clock, at: number, signal: AbortSignal): Promise<void> => {
  let leftMs = at - clock.monotonicMs();
  while (leftMs > 0 && !signal.aborted) {
    await clock.sleep(Math.ceil(leftMs), signal);
    leftMs = at - clock.monotonicMs();
  }
};

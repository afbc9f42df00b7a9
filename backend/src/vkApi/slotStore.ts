import type { Redis } from 'ioredis';
import { RESERVE_SLOT, WIDEN_SPACING } from './slotScripts';
import type { Clock, VkApiLogger } from './types';

/** How far ahead a slot may be reserved; what is further is asked for again later. */
const HORIZON_MS = 1_000;
/** How long a token rests after error 6: within VK's window nothing would pass anyway. */
export const PENALTY_MS = 1_000;
/** After this long without error 6 a widened spacing comes back to just above what drew it. */
const QUIET_MS = 10 * 60_000;
/** How far error 6 may widen a spacing, as a multiple of the configured one. */
const WIDEST = 8;
const STATE_TTL_MS = 7 * 24 * 3_600_000;
/** Without an answer by then there is no reservation; the slot counts as spent. */
const REDIS_DEADLINE_MS = 500;

export interface Reservation {
  granted: boolean;
  /** Until the slot, or until it makes sense to ask again. */
  waitMs: number;
  /** The slot by the clock of Redis. */
  slotMs: number;
  /** When this was decided, by the same clock. */
  nowMs: number;
  spacingMs: number;
  /** Kept free before it and behind it beside the spacing. */
  marginMs: number;
}

/** What one asks for: see `RESERVE_SLOT`. */
export interface SlotWish {
  spacingMs: number;
  leadMs: number;
  marginMs: number;
  /** A reservation on which nothing was sent. */
  missed: Reservation | null;
}

/** The slots of all tokens in Redis, shared by all processes. null: Redis did not answer in time. */
export interface SlotStore {
  reserve: (fingerprint: string, wish: SlotWish) => Promise<Reservation | null>;
  /** After error 6 to a request that was sent at the spacing `drewMs`. */
  widen: (fingerprint: string, drewMs: number, spacingMs: number) => Promise<void>;
}

interface SlotCommands {
  stenografReserveSlot: (
    key: string,
    ...args: number[]
  ) => Promise<[granted: number, wait: string, slot: string, now: string, spacing: string]>;
  stenografWidenSpacing: (key: string, ...args: number[]) => Promise<string>;
}

interface Dependencies {
  redis: Redis;
  prefix: string;
  clock: Clock;
  logger: VkApiLogger;
}

export const createSlotStore = (deps: Dependencies): SlotStore => {
  const commands = withScripts(deps.redis);
  const ask = createAsker(deps);
  const keyOf = (fingerprint: string): string => `${deps.prefix}{tok:${fingerprint}}:pace`;
  return {
    reserve: (fingerprint, { spacingMs, leadMs, marginMs, missed }) =>
      ask(async () => {
        const args = [spacingMs, HORIZON_MS, PENALTY_MS, QUIET_MS, STATE_TTL_MS];
        args.push(missed?.slotMs ?? 0, missed ? missed.spacingMs + missed.marginMs : 0);
        args.push(leadMs, marginMs);
        const reply = await commands.stenografReserveSlot(keyOf(fingerprint), ...args);
        const [granted, wait, slot, now, spacing] = reply;
        return {
          granted: granted === 1,
          waitMs: Number(wait),
          slotMs: Number(slot),
          nowMs: Number(now),
          spacingMs: Number(spacing),
          marginMs,
        };
      }),
    widen: async (fingerprint, drewMs, spacingMs) => {
      const args = [drewMs, spacingMs * WIDEST, HORIZON_MS, PENALTY_MS, STATE_TTL_MS];
      await ask(() => commands.stenografWidenSpacing(keyOf(fingerprint), ...args));
    },
  };
};

const withScripts = (redis: Redis): SlotCommands => {
  redis.defineCommand('stenografReserveSlot', { numberOfKeys: 1, lua: RESERVE_SLOT });
  redis.defineCommand('stenografWidenSpacing', { numberOfKeys: 1, lua: WIDEN_SPACING });
  // ioredis puts the defined commands on the instance, which its types cannot tell.
  return redis as unknown as SlotCommands;
};

/** Runs a Redis command within the deadline; null for no answer. An outage is logged once. */
const createAsker = ({ clock, logger }: Dependencies) => {
  let silent = false;
  return async <T>(command: () => Promise<T>): Promise<T | null> => {
    const settled = new AbortController();
    const deadline = clock
      .sleep(REDIS_DEADLINE_MS, settled.signal)
      .then(() => Promise.reject(new Error('Redis did not answer in time')));
    // The one that loses the race fails unheard.
    deadline.catch(() => {});
    try {
      const answer = command();
      answer.catch(() => {});
      const value = await Promise.race([answer, deadline]);
      if (silent) logger.info('Redis answers again; VK requests go on', {});
      silent = false;
      return value;
    } catch (error) {
      if (!silent) logger.warn('Redis does not answer; VK requests wait', { error: String(error) });
      silent = true;
      return null;
    } finally {
      settled.abort();
    }
  };
};

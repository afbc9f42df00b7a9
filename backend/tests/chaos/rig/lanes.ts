import { createLane, type Lane, type Way } from './lane';

/** Lanes that run side by side; two cores bear no more. */
const WAYS: Way[] = ['packs', 'singles', 'packs'];

export interface Lanes {
  /** Waits for a free lane of one of the ways and works on it. One on which work failed is left. */
  use<T>(work: (lane: Lane) => Promise<T>, ways?: readonly Way[]): Promise<T>;
  stop(): Promise<void>;
}

/** Lanes are made when they are first needed, and shared by all runs of a test file. */
export const createLanes = (): Lanes => {
  const places = WAYS.map((way) => ({ way, lane: null as Lane | null, isTaken: false }));
  let waiting: (() => void)[] = [];

  const take = async (ways: readonly Way[]) => {
    for (;;) {
      const free = places.filter(({ way, isTaken }) => !isTaken && ways.includes(way));
      const place = free.find(({ lane }) => lane !== null) ?? free[0];
      if (place) return Object.assign(place, { isTaken: true });
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
  };

  return {
    use: async (work, ways = WAYS) => {
      const place = await take(ways);
      try {
        place.lane ??= await createLane(place.way);
        return await work(place.lane);
      } catch (error) {
        const spoilt = place.lane;
        place.lane = null;
        await spoilt?.stop();
        throw error;
      } finally {
        place.isTaken = false;
        const woken = waiting;
        waiting = [];
        for (const wake of woken) wake();
      }
    },
    stop: async () => {
      await Promise.all(places.flatMap(({ lane }) => (lane ? [lane.stop()] : [])));
    },
  };
};

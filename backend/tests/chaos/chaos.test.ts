import { afterAll, describe, expect, test } from 'bun:test';
import { FAULTS } from './faults/allFaults';
import { QUEUE_MS_MAX, runsOf } from './rig/faultRuns';
import { createLanes } from './rig/lanes';
import { harmAtAll, listPlaces } from './rig/operationLoop';
import { readSeeds } from './rig/seeds';
import { runSeed } from './rig/storm';

/** Spread over a run; every one of them is in the soak run. */
const PLACES = 12;
const STORMS = 12;

const lanes = createLanes();
afterAll(() => lanes.stop(), 60_000);

describe('the run ends by itself with the data of an undisturbed one after', () => {
  const quick = FAULTS.filter(({ isSlow }) => !isSlow);
  test.concurrent.each(runsOf(quick, lanes))('%s', (_name, run) => run(), QUEUE_MS_MAX);

  test.concurrent(
    'F02: a worker is killed at its n-th operation',
    async () => {
      const places = await lanes.use(listPlaces);
      // An odd step, so that "before" and "after" take turns.
      const step = Math.ceil(places.length / PLACES) | 1;
      const some = places.filter((_, index) => index % step === 0);
      const struck = await harmAtAll(lanes, some, 'kill');
      // Runs differ a little: a page may come with another one's commit.
      expect(struck).toBeGreaterThan(PLACES / 2);
    },
    QUEUE_MS_MAX,
  );

  test.concurrent.each(readSeeds(process.env, STORMS))(
    'a storm of faults, seed %d',
    (seed) => lanes.use((lane) => runSeed(lane, seed)),
    QUEUE_MS_MAX,
  );
});

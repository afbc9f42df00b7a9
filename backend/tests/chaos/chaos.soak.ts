import { afterAll, describe, expect, test } from 'bun:test';
import { FAULTS } from './faults/allFaults';
import { runsOf } from './rig/faultRuns';
import { createLanes } from './rig/lanes';
import { harmAtAll, listPlaces } from './rig/operationLoop';
import { readSeeds } from './rig/seeds';
import { runSeed } from './rig/storm';

const STORMS = 300;
/** The bound of everything here; each run has bounds of its own. */
const SOAK_MS_MAX = 12 * 3_600_000;

const lanes = createLanes();
afterAll(() => lanes.stop(), 60_000);

describe('the run ends by itself with the data of an undisturbed one after', () => {
  test.concurrent.each(runsOf(FAULTS, lanes))('%s', (_name, run) => run(), SOAK_MS_MAX);

  for (const deed of ['kill', 'cut', 'terminate'] as const) {
    test.concurrent(
      `${deed} at every operation of a run, before and after it`,
      async () => {
        const places = await lanes.use(listPlaces);
        const count = await harmAtAll(lanes, places, deed);
        console.log(`  ${deed}: ${count} of ${places.length} places`);
        expect(count).toBeGreaterThan(places.length / 2);
      },
      SOAK_MS_MAX,
    );
  }

  test.concurrent.each(readSeeds(process.env, STORMS))(
    'a storm of faults, seed %d',
    (seed) => lanes.use((lane) => runSeed(lane, seed)),
    SOAK_MS_MAX,
  );
});

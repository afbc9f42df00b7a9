import { createRandom } from '@stenograf/sandbox/world/random';
import { mutateBetweenRequests, planSchedule } from '../../support/mutation/changes';
import { expectIntact } from './judge';
import type { Job, Lane } from './lane';
import type { ChaosProcess } from './processes';
import { type Field, type Heal, type Strike, STRIKES } from './strikes';

const STRIKES_MIN = 8;
const STRIKES_MAX = 14;
/** Harm that lasts is ended after so many more strikes at most. */
const LASTS_MAX = 3;
/** Between two strikes at most, in milliseconds. */
const PAUSE_MS_MAX = 700;
const SUPERVISE_EVERY_MS = 300;
/** Both ways take seconds for that. */
const WALLS = { packs: 6, singles: 3 };

const SUITE = 'backend/tests/chaos/chaos.test.ts';

/** What a storm of this seed strikes with, in order. */
const strikesOf = (seed: number): string[] => {
  const random = createRandom(seed, 'strikes');
  const count = random.int(STRIKES_MIN, STRIKES_MAX);
  return Array.from({ length: count }, () => random.pick(Object.keys(STRIKES)));
};

const createTask = async (lane: Lane, api: ChaosProcess): Promise<Job> => {
  const communityIds = lane.takeWalls('small', WALLS[lane.way]);
  const mark = lane.collecting.sandbox.mark();
  const response = await fetch(`${api.url}/api/v1/tasks`, {
    method: 'POST',
    headers: { authorization: `Bearer ${api.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ communities: communityIds.map((id) => `club${id}`) }),
  });
  const { id } = (await response.json()) as { id: number };
  return { taskId: id, communityIds, mark };
};

/** Ends what has lasted long enough. */
const heal = async (lasting: { untilStrike: number; heal: Heal }[], strike: number) => {
  for (const [index, harm] of [...lasting.entries()].toReversed()) {
    if (harm.untilStrike > strike) continue;
    lasting.splice(index, 1);
    await harm.heal();
  }
};

const rage = async (field: Field, names: readonly string[]): Promise<void> => {
  const { random } = field;
  const lasting: { untilStrike: number; heal: Heal }[] = [];
  for (const [index, name] of names.entries()) {
    await heal(lasting, index);
    const strike: Strike | undefined = STRIKES[name];
    const harm = await strike?.(field);
    if (harm) lasting.push({ untilStrike: index + 1 + random.int(0, LASTS_MAX), heal: harm });
    await Bun.sleep(random.int(0, PAUSE_MS_MAX));
  }
  await heal(lasting, Number.POSITIVE_INFINITY);
};

/** Starts workers in the place of those that ended, as every deployment does. */
const superviseWorkers = (lane: Lane, count: number): (() => Promise<void>) => {
  const looking = new AbortController();
  const look = async (): Promise<void> => {
    while (!looking.signal.aborted) {
      // One that dies while it starts is replaced like any other.
      await lane.workers(count).catch(() => []);
      await Bun.sleep(SUPERVISE_EVERY_MS);
    }
  };
  const done = look();
  return () => {
    looking.abort();
    return done;
  };
};

/**
 * Two workers and an API collect walls that change meanwhile, under faults drawn by the seed. Then
 * the faults end, and the run must end by itself.
 */
const runStorm = async (lane: Lane, seed: number): Promise<void> => {
  await lane.workers(2);
  const { sandbox } = lane.collecting;
  sandbox.resetStats();
  const api = await lane.start('server');
  const job = await createTask(lane, api);
  const [changing = 0] = job.communityIds;
  const schedule = planSchedule(createRandom(seed, 'changes'));
  const stopChanging = mutateBetweenRequests(sandbox, changing, schedule);
  const random = createRandom(seed, 'storm');
  const stopSupervising = superviseWorkers(lane, 2);
  const field: Field = {
    lane,
    job,
    random,
    workers: () => lane.liveWorkers(),
    api: () => (api.isAlive() ? api : null),
  };
  try {
    await rage(field, strikesOf(seed));
    stopChanging();
    await lane.calm();
    await expectIntact(lane, job);
  } finally {
    stopChanging();
    await stopSupervising();
    await api.end('SIGKILL');
  }
};

/** @throws telling how to run this storm again. */
export const runSeed = async (lane: Lane, seed: number): Promise<void> => {
  try {
    await runStorm(lane, seed);
  } catch (cause) {
    const again = `CHAOS_SEED=${seed} bun test --timeout 60000 -t 'seed ${seed}' ${SUITE}`;
    throw new Error(
      `Storm ${seed} (${strikesOf(seed).join(', ')}) on a lane of ${lane.way}; again: ${again}`,
      { cause },
    );
  }
};

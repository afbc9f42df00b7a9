import { expect } from 'bun:test';
import { eventually } from '../../support/eventually';
import { violationsOf } from '../rig/judge';
import type { Lane } from '../rig/lane';
import type { NamedFault } from '../rig/namedFault';
import { withRedis } from '../rig/servers';
import { inMidRun, openScene, closeScene, reachMore, type Scene } from '../rig/scene';
import { PATIENCE_MS } from '../rig/patience';

const HOUR_MS = 3_600_000;
/** One a token. */
const EARLY_MAX = 2;
/** A second of slots that were out, and one in which the limit still sees the last of them. */
const EARLY_MS = 2_000;

const emptied = inMidRun(async (scene) => {
  for (let times = 0; times < 3; times += 1) {
    await scene.lane.services.redis.flushAll();
    await reachMore(scene, 1);
  }
});

/** Nothing more is sent to VK while there is nobody to give permits. */
const expectSilence = async ({ lane }: Scene): Promise<void> => {
  const { sandbox } = lane.collecting;
  // What had its permit is on its way; a slot may have been reserved for a second ahead.
  let before = -1;
  await eventually(
    async () => {
      const { requests } = sandbox.stats();
      const isQuiet = requests === before;
      before = requests;
      await Bun.sleep(1_200);
      return isQuiet;
    },
    { withinMs: PATIENCE_MS, what: 'silence on the line to VK' },
  );
  expect(sandbox.stats().requests).toBe(before);
};

const killed = inMidRun(async (scene) => {
  await scene.lane.services.redis.kill();
  await expectSilence(scene);
  await scene.lane.services.redis.start();
});

const restartedEmpty = inMidRun(async ({ lane }) => {
  await lane.services.redis.kill();
  await lane.services.redis.start();
  await lane.services.redis.flushAll();
});

const slow = inMidRun(async (scene) => {
  scene.lane.proxies.redis.set({ latencyMs: 300 });
  await reachMore(scene, 2);
});

const silent = inMidRun(async (scene) => {
  const { lane } = scene;
  const api = await lane.start('server');
  lane.proxies.redis.set({ isSilent: true });
  const [communityId] = lane.takeWalls('tiny', 1);
  const response = await fetch(`${api.url}/api/v1/tasks`, {
    method: 'POST',
    headers: { authorization: `Bearer ${api.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ communities: [`club${communityId}`] }),
    signal: AbortSignal.timeout(8_000),
  });
  expect(response.status).toBe(202);
  await expectSilence(scene);
  await api.end('SIGKILL');
});

const reset = inMidRun(async (scene) => {
  for (let times = 0; times < 3; times += 1) {
    scene.lane.proxies.redis.resetAll();
    await reachMore(scene, 1);
  }
});

const full = async (lane: Lane): Promise<void> => {
  const first = await openScene(lane);
  await withRedis(lane.services, (redis) => redis.config('SET', 'maxmemory', '1'));
  // Stored all the same; the sweep tells of it when Redis takes writes again.
  const job = await lane.createJob('tiny');
  await withRedis(lane.services, (redis) => redis.config('SET', 'maxmemory', '0'));
  await closeScene(first);
  await closeScene({ ...first, job });
};

const scriptsForgotten = inMidRun(async (scene) => {
  for (let times = 0; times < 3; times += 1) {
    await withRedis(scene.lane.services, (redis) => redis.script('FLUSH'));
    await reachMore(scene, 1);
  }
});

/** As the clock of Redis would leave them, had it stepped back (or ahead) by so much. */
const moveSlots = (scene: Scene, ms: number): Promise<void> =>
  withRedis(scene.lane.services, async (redis) => {
    const keys = await redis.keys('*:pace');
    expect(keys.length).toBeGreaterThan(0);
    for (const key of keys) await redis.hincrbyfloat(key, 'next', ms);
  });

const slotsAhead = inMidRun(async (scene) => {
  await moveSlots(scene, HOUR_MS);
  await reachMore(scene, 2);
});

const slotsBehind = inMidRun(async (scene) => {
  await moveSlots(scene, -HOUR_MS);
  const movedMs = performance.now();
  await reachMore(scene, 2);
  await Bun.sleep(Math.max(0, movedMs + EARLY_MS - performance.now()));
  // To Redis this is a token that has rested for an hour, while slots up to a second ahead are out:
  // for that second it may come to requests too early. More must not follow.
  const { sandbox } = scene.lane.collecting;
  expect(violationsOf(scene.lane).length).toBeLessThanOrEqual(EARLY_MAX);
  sandbox.resetStats();
});

export const REDIS_FAULTS: NamedFault[] = [
  { id: 'F11', name: 'Redis is emptied (FLUSHALL) three times', run: emptied },
  {
    id: 'F12',
    name: 'Redis is killed and comes back with what it had',
    holds: 'VK is asked nothing without Redis',
    run: killed,
  },
  { id: 'F13', name: 'Redis is killed and comes back empty', run: restartedEmpty },
  { id: 'F14', name: 'Redis answers 300 ms late', run: slow },
  {
    id: 'F15',
    name: 'Redis takes connections and never answers',
    holds: 'VK is asked nothing, a task is taken all the same',
    run: silent,
  },
  { id: 'F15b', name: 'connections to Redis are reset', run: reset },
  { id: 'F16', name: 'Redis refuses writes for want of memory', run: full },
  { id: 'F18', name: 'Redis forgets its scripts (SCRIPT FLUSH)', run: scriptsForgotten },
  { id: 'F27', name: 'slots lie an hour ahead of the clock of Redis', run: slotsAhead },
  {
    id: 'F27b',
    name: 'slots lie an hour behind it',
    holds: 'a token sends at most one request too early',
    run: slotsBehind,
  },
];

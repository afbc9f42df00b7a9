import type { FaultKind } from '@stenograf/sandbox/server/faults';
import type { Random } from '@stenograf/sandbox/world/random';
import { Client } from 'pg';
import { startRedis, withRedis } from './servers';
import type { Job, Lane } from './lane';
import { SEAMS } from './operationLoop';
import type { ChaosProcess } from './processes';
import type { TcpProxy } from './tcpProxy';

/** What a storm strikes at. */
export interface Field {
  lane: Lane;
  job: Job;
  random: Random;
  /** Those that live. */
  workers(): ChaosProcess[];
  api(): ChaosProcess | null;
}

/** Does harm. @returns what ends it, for harm that lasts. */
export type Strike = (field: Field) => Promise<Heal | void> | Heal | void;
export type Heal = () => unknown;

type Toxics = Parameters<TcpProxy['set']>[0];

const onWorker =
  (harm: (worker: ChaosProcess, field: Field) => Promise<Heal | void> | Heal | void): Strike =>
  (field) => {
    const live = field.workers();
    if (live.length > 0) return harm(field.random.pick(live), field);
  };

const lasting =
  (service: keyof Lane['proxies'], toxics: Toxics, healed: Toxics): Strike =>
  ({ lane }) => {
    lane.proxies[service].set(toxics);
    return () => lane.proxies[service].set(healed);
  };

const silence =
  (service: keyof Lane['proxies']): Strike =>
  (field) => {
    const heal = lasting(service, { isSilent: true }, { isSilent: false })(field) as Heal;
    return () => {
      heal();
      // Bytes were swallowed: what is left of these connections makes no sense.
      field.lane.proxies[service].resetAll();
    };
  };

const trap =
  (deed: 'kill' | 'cut' | 'block' | 'crash' | 'terminate'): Strike =>
  (field) =>
    onWorker(async (worker) => {
      const { random } = field;
      const place = { nth: random.int(1, 20), phase: random.pick(['before', 'after'] as const) };
      // A frozen process hears nothing; it is harmed enough.
      void worker.arm({ on: SEAMS, ...place, deed, ms: 1_500 }).catch(() => {});
    })(field);

const vkFault =
  (kind: FaultKind): Strike =>
  ({ lane, random }) => {
    lane.collecting.sandbox.faults.add({ ...kind, times: random.int(1, 3) });
  };

const lockComments: Strike = async ({ lane }) => {
  const client = new Client({ connectionString: lane.collecting.env['DATABASE_URL'] });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('BEGIN');
    // This storm may hold the lock already.
    await client.query(`SET LOCAL lock_timeout = '1s'`);
    await client.query('LOCK TABLE comments IN ACCESS EXCLUSIVE MODE');
  } catch {
    // Another fault of the storm was there first.
  }
  return () => client.end().catch(() => {});
};

const deliverAgain: Strike = async ({ lane, job }) => {
  const sql = 'SELECT id, epoch FROM targets WHERE task_id = $1';
  const targets = await lane
    .query<{ id: number; epoch: number }>(sql, [job.taskId])
    .catch(() => []);
  const hints = targets.flatMap(({ id, epoch }) =>
    [0, 1, 2, 3].map((more) => ({ targetId: id, epoch: epoch + more, priority: 1 + more })),
  );
  await lane.collecting.container.targetQueue.addHints(hints).catch(() => {});
};

const moveTask =
  (move: 'pause' | 'resume'): Strike =>
  async ({ lane, job }) => {
    const { taskService } = lane.collecting.container;
    const resume = () => taskService.resumeTask(job.taskId).catch(() => {});
    if (move === 'pause') await taskService.pauseTask(job.taskId).catch(() => {});
    else await resume();
    return resume;
  };

/** The named faults as a storm strikes them: begun at once, ended some strikes later. */
export const STRIKES: Readonly<Record<string, Strike>> = {
  'a worker is killed': onWorker((worker) => void worker.end('SIGKILL')),
  'a worker is told to end': onWorker((worker) => void worker.end('SIGTERM')),
  'a worker is frozen': onWorker((worker) => {
    worker.freeze();
    return () => worker.wake();
  }),
  'a worker dies at a seam': trap('kill'),
  'a worker loses a connection at a seam': trap('cut'),
  'a worker is blocked at a seam': trap('block'),
  'a worker crashes at a seam': trap('crash'),
  'a worker is told to end at a seam': trap('terminate'),
  'the clock of a worker steps': onWorker((worker, { random }) =>
    worker.stepClock(random.pick([3_600_000, -3_600_000, 315_360_000_000])),
  ),
  'the API is killed': ({ api }) => void api()?.end('SIGKILL'),
  'PostgreSQL crashes': ({ lane }) => lane.services.postgres.restart('immediate'),
  'connections to PostgreSQL are reset': ({ lane }) => lane.proxies.postgres.resetAll(),
  'connections to PostgreSQL are terminated': async ({ lane }) => {
    await lane
      .query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND application_name LIKE 'worker%'`,
      )
      .catch(() => {});
  },
  'the answer to a COMMIT is lost': ({ lane }) => lane.proxies.postgres.loseAnswersTo('COMMIT', 1),
  'PostgreSQL is slow': lasting('postgres', { latencyMs: 20 }, { latencyMs: 0 }),
  'PostgreSQL is silent': silence('postgres'),
  'PostgreSQL is away': lasting('postgres', { isDown: true }, { isDown: false }),
  'the comments are locked': lockComments,
  'Redis is emptied': ({ lane }) => lane.services.redis.flushAll().catch(() => {}),
  'Redis crashes': async ({ lane }) => {
    await lane.services.redis.kill();
    return () => startRedis(lane.services);
  },
  'connections to Redis are reset': ({ lane }) => lane.proxies.redis.resetAll(),
  'Redis is silent': silence('redis'),
  'Redis is slow': lasting('redis', { latencyMs: 15 }, { latencyMs: 0 }),
  'Redis forgets its scripts': async ({ lane }) => {
    await withRedis(lane.services, (redis) => redis.script('FLUSH')).catch(() => {});
  },
  'targets are delivered again': deliverAgain,
  'the task is paused': moveTask('pause'),
  'the task is resumed': moveTask('resume'),
  'VK is slow': lasting('vk', { latencyMs: 150 }, { latencyMs: 0 }),
  'VK is silent': silence('vk'),
  'VK is away': lasting('vk', { isDown: true }, { isDown: false }),
  'connections to VK are reset': ({ lane }) => lane.proxies.vk.resetAll(),
  'an answer of VK breaks off': ({ lane, random }) =>
    lane.proxies.vk.cutAnswerAfter(random.int(1, 2_000)),
  'answers of VK come too late': lasting('vk', { latencyMs: 1_800 }, { latencyMs: 0 }),
  'VK answers error 1': vkFault({ kind: 'vk-error', code: 1 }),
  'VK answers error 10': vkFault({ kind: 'vk-error', code: 10 }),
  'VK answers HTML': vkFault({ kind: 'html-200' }),
  'VK answers half of its JSON': vkFault({ kind: 'truncated-json' }),
  'VK answers status 502': vkFault({ kind: 'http', status: 502 }),
  'VK answers nothing': vkFault({ kind: 'empty-body' }),
};

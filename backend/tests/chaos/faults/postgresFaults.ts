import { expect } from 'bun:test';
import { Client } from 'pg';
import { eventually } from '../../support/eventually';
import type { Lane } from '../rig/lane';
import type { NamedFault } from '../rig/namedFault';
import { closeScene, inMidRun, openScene, reachMore, type Scene } from '../rig/scene';
import { PATIENCE_MS } from '../rig/patience';

const restart = inMidRun(async ({ lane }) => {
  await lane.services.postgres.restart('immediate');
});

const away = inMidRun(async (scene) => {
  const { postgres } = scene.lane.services;
  await postgres.stop('fast');
  await untilLogged(scene, /ECONNREFUSED|Connection terminated|connect|lease not extended/);
  await postgres.start();
});

/** Waits until one of the workers has said so. */
const untilLogged = ({ workers }: Scene, words: RegExp): Promise<unknown> =>
  eventually(() => workers.some(({ log }) => log.some((line) => words.test(line))), {
    withinMs: PATIENCE_MS,
    what: `a worker to say ${String(words)}`,
  });

const terminateEachConnection = inMidRun(async (scene) => {
  const { lane } = scene;
  const sql = `SELECT pid FROM pg_stat_activity
    WHERE datname = current_database() AND application_name LIKE 'worker%'`;
  const backends = await lane.query<{ pid: number }>(sql);
  expect(backends.length).toBeGreaterThan(0);
  for (const { pid } of backends) {
    await lane.query('SELECT pg_terminate_backend($1)', [pid]);
  }
});

const loseAnswersToCommit = inMidRun(async (scene) => {
  const { postgres } = scene.lane.proxies;
  postgres.loseAnswersTo('COMMIT', 3);
  await eventually(() => postgres.struck() === 3, {
    withinMs: PATIENCE_MS,
    what: 'three lost answers',
  });
});

const cutAnswers = inMidRun(async (scene) => {
  const { postgres } = scene.lane.proxies;
  for (const bytes of [1, 100, 1_000]) {
    const before = postgres.struck();
    postgres.cutAnswerAfter(bytes);
    await eventually(() => postgres.struck() > before, {
      withinMs: PATIENCE_MS,
      what: 'an answer to be cut',
    });
  }
});

const slow = inMidRun(async (scene) => {
  scene.lane.proxies.postgres.set({ latencyMs: 80 });
  await reachMore(scene, 3);
});

const silent = inMidRun(async (scene) => {
  scene.lane.proxies.postgres.set({ isSilent: true });
  await eventually(
    async () => {
      const lapsed = `SELECT id FROM targets WHERE status = 'running' AND lease_until < now()`;
      return (await scene.lane.query(lapsed)).length > 0;
    },
    { withinMs: PATIENCE_MS, what: 'a lease to run out' },
  );
});

/** PostgreSQL's own words for it, `times` times, out of a statement of a page's transaction. */
const raised =
  (code: string): NamedFault['run'] =>
  async (lane) => {
    const scene = await openScene(lane, {
      prepare: async () => {
        await lane.query('CREATE SEQUENCE chaos_raised');
        await lane.query(`CREATE FUNCTION chaos_raise() RETURNS trigger LANGUAGE plpgsql AS $$
          BEGIN
            IF nextval('chaos_raised') <= 3 THEN RAISE SQLSTATE '${code}'; END IF;
            RETURN NULL;
          END $$`);
        await lane.query(`CREATE TRIGGER chaos_raise BEFORE INSERT ON comments
          FOR EACH STATEMENT EXECUTE FUNCTION chaos_raise()`);
      },
    });
    const used = 'SELECT last_value::int AS times FROM chaos_raised';
    await eventually(
      async () => ((await lane.query<{ times: number }>(used))[0]?.times ?? 0) >= 3,
      {
        withinMs: PATIENCE_MS,
        what: 'three failures',
      },
    );
    await lane.query('DROP TRIGGER chaos_raise ON comments');
    await lane.query('DROP FUNCTION chaos_raise');
    await lane.query('DROP SEQUENCE chaos_raised');
    await closeScene(scene);
  };

const noConnectionsLeft = inMidRun(async (scene) => {
  const { lane } = scene;
  const limit = (count: number) =>
    lane.query(`DO $$ BEGIN EXECUTE format('ALTER DATABASE %I CONNECTION LIMIT ${count}',
      current_database()); END $$`);
  await limit(1);
  await lane.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name LIKE 'worker%'`);
  await untilLogged(scene, /too many connections/);
  await limit(-1);
});

/** As a migration of another session holds it. */
const holdLock = async (lane: Lane, until: () => Promise<unknown>): Promise<void> => {
  const client = new Client({ connectionString: lane.collecting.env['DATABASE_URL'] });
  await client.connect();
  try {
    await client.query('BEGIN');
    await client.query('LOCK TABLE comments IN ACCESS EXCLUSIVE MODE');
    await until();
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
};

const lockHeld = inMidRun(({ lane, job }) =>
  holdLock(lane, () =>
    eventually(
      async () => {
        const sql = `SELECT id FROM targets WHERE task_id = $1 AND lease_until < now()`;
        return (await lane.query(sql, [job.taskId])).length > 0;
      },
      { withinMs: PATIENCE_MS, what: 'a lease to run out behind the lock' },
    ),
  ),
);

const lockHeldTooLong = inMidRun((scene) =>
  holdLock(scene.lane, () => untilLogged(scene, /lock timeout/)),
);

const readOnlyAtStart = async (lane: Lane): Promise<void> => {
  const setReadOnly = (value: 'on' | 'off') =>
    lane.query(`DO $$ BEGIN
      EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = ${value}',
        current_database());
      END $$`);
  await setReadOnly('on');
  try {
    const error: unknown = await lane.start('worker').catch((cause: unknown) => cause);
    expect(String(error)).toContain('read-only');
  } finally {
    await lane.query('SET default_transaction_read_only = off');
    await setReadOnly('off');
  }
};

export const POSTGRES_FAULTS: NamedFault[] = [
  { id: 'F19', name: 'PostgreSQL crashes and starts again', run: restart },
  { id: 'F19b', name: 'PostgreSQL is away for a while', run: away },
  { id: 'F20', name: 'each connection to PostgreSQL is terminated', run: terminateEachConnection },
  {
    id: 'F20b',
    name: 'the answers to three COMMITs are lost',
    holds: 'what was committed is not written or counted again',
    run: loseAnswersToCommit,
  },
  { id: 'F20c', name: 'answers of PostgreSQL break off', run: cutAnswers },
  { id: 'F20d', name: 'PostgreSQL is slow (80 ms a statement)', run: slow },
  { id: 'F20e', name: 'PostgreSQL says nothing for longer than a lease', run: silent },
  { id: 'F21', name: 'PostgreSQL ends transactions as deadlocked', run: raised('40P01') },
  { id: 'F21b', name: 'PostgreSQL ends transactions as not serializable', run: raised('40001') },
  { id: 'F23', name: 'PostgreSQL takes no more connections', run: noConnectionsLeft },
  {
    id: 'F24',
    name: 'another session holds a lock on the comments for longer than a lease',
    run: lockHeld,
  },
  {
    id: 'F24b',
    name: 'another session holds a lock on the comments for longer than lock_timeout',
    isSlow: true,
    run: lockHeldTooLong,
  },
  {
    id: 'F25',
    name: 'the database is read-only when a worker starts',
    holds: 'the worker ends and says why',
    run: readOnlyAtStart,
  },
];

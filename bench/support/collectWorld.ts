import { readConfig } from '@stenograf/backend/config/env';
import { type Container, createContainer } from '@stenograf/backend/container';
import type { TaskSnapshot } from '@stenograf/backend/repositories/snapshots';
import { runWorker } from '@stenograf/backend/worker';
import { isTaskEnded } from '@stenograf/contracts/statuses';
import type { SandboxStats } from '@stenograf/sandbox/server/stats';
import type { Truth } from '@stenograf/sandbox/world/truth';
import { startSandboxProcess } from './sandboxProcess';
import type { BenchServices } from './services';

/** Communities of the demo world that are there to be collected. */
const COMMUNITIES = ['club1', 'club2', 'club3', 'club4', 'club5', 'club6'];

export interface CollectedWorld {
  task: TaskSnapshot;
  /** From the creation of the task to its end, by the clock of the database. */
  seconds: number;
  stats: SandboxStats;
  truth: Truth;
}

export interface CollectOptions {
  services: BenchServices;
  /** That a token may send; the sandbox watches over it. */
  requestsPerSecond: number;
  /** That we keep to. */
  ownRequestsPerSecond: number;
}

/** Looking costs time that the collecting needs; the end is dated by the database. */
const LOOK_EVERY_MS = 100;

const waitForEnd = async ({ taskService }: Container, taskId: number): Promise<TaskSnapshot> => {
  for (;;) {
    const task = await taskService.getTask(taskId);
    if (isTaskEnded(task.status)) return task;
    await Bun.sleep(LOOK_EVERY_MS);
  }
};

/** Collects the demo world once, on an emptied database, with one user token and one worker. */
export const collectWorld = async (options: CollectOptions): Promise<CollectedWorld> => {
  const sandbox = await startSandboxProcess(options.requestsPerSecond);
  const config = readConfig({
    DATABASE_URL: options.services.databaseUrl,
    REDIS_URL: options.services.redisUrl,
    // One for all runs at one pace: a limiter that knows no token begins with a second of silence.
    STENOGRAF_REDIS_PREFIX: `bench-${options.ownRequestsPerSecond}`,
    VK_API_URL: sandbox.url,
    VK_TOKENS: sandbox.tokens.split(',').find((token) => token.startsWith('user:')),
    LOG_LEVEL: 'error',
  });
  config.vk.userRps = options.ownRequestsPerSecond;
  const container = createContainer(config);
  try {
    await container.sequelize.query(
      'TRUNCATE posts, comments, authors, communities, tasks, settings CASCADE',
    );
    await container.redis.connect();
    await runWorker(container);
    const { id } = await container.taskService.createTask({ communities: COMMUNITIES });
    const task = await waitForEnd(container, id);
    if (task.status !== 'completed') throw new Error(`The task ended ${task.status}.`);
    const { createdAt, finishedAt } = task;
    const seconds = (Number(finishedAt) - Number(createdAt)) / 1_000;
    return { task, seconds, stats: await sandbox.readStats(), truth: await sandbox.readTruth() };
  } finally {
    await container.lifecycle.stop();
    await sandbox.stop();
  }
};

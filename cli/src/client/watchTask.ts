import { setTimeout as sleep } from 'node:timers/promises';
import type { TargetDto, TaskDto, TaskReport } from '@stenograf/contracts/api';
import { isTaskEnded, type WaitingFor } from '@stenograf/contracts/statuses';
import type { ProgressView } from '../output/progressBlock';
import { elapsedOf } from '../output/summary';
import type { ApiClient } from './apiClient';
import { createRateMeter } from './rateMeter';
import { UnreachableError } from './httpErrors';

const POLL_MS = 400;
/** Targets that one look may fetch each time; longer lists are fetched less often. */
const TARGETS_PER_POLL = 500;
/** A service that is being restarted answers again within this time. */
const OUTAGE_MS_MAX = 60_000;

export interface WatchOptions {
  client: ApiClient;
  taskId: number;
  signal: AbortSignal;
  /** Milliseconds for which a waiting task is waited for without a break. */
  maxWaitMs: number;
  /** Whether a task that only a person can help is waited for. */
  waitsForPeople: boolean;
  onView: (view: ProgressView) => void;
  /** Told when the task begins to wait for a person, who may then know what to do. */
  onWaitForPeople: (waitingFor: WaitingFor | null) => void;
  onConnection: (state: 'lost' | 'back') => void;
}

/** `ended`: will not move again by itself. `waited`: still waiting after `maxWaitMs`. */
export type WatchEnd = 'ended' | 'paused' | 'waited' | 'waits_in_vain';

/** A captcha is tried again by itself too, but only a person makes that succeed. */
const needsPerson = ({ waiting_for: waitingFor, waiting_until: until }: TaskDto): boolean =>
  waitingFor === 'captcha' || (waitingFor === 'token' && until === null);

/** Tells when to stop waiting for a task that waits itself. */
const createPatience = ({ maxWaitMs, waitsForPeople, onWaitForPeople }: WatchOptions) => {
  let waitingSince: number | null = null;
  let toldOf: WaitingFor | null = null;
  return (task: TaskDto, now: number): WatchEnd | null => {
    const { status, waiting_for: waitingFor } = task;
    if (status !== 'waiting') {
      waitingSince = null;
      return null;
    }
    waitingSince ??= now;
    if (needsPerson(task)) {
      if (!waitsForPeople) return 'waits_in_vain';
      if (toldOf !== waitingFor) onWaitForPeople(waitingFor);
      toldOf = waitingFor;
    }
    return now - waitingSince >= maxWaitMs ? 'waited' : null;
  };
};

/** Asks again while the service is away for a short time. */
const createOutageGuard = ({ onConnection }: WatchOptions) => {
  let lostAt: number | null = null;
  return async <T>(ask: () => Promise<T>): Promise<T | null> => {
    try {
      const answer = await ask();
      if (lostAt !== null) onConnection('back');
      lostAt = null;
      return answer;
    } catch (error) {
      if (!(error instanceof UnreachableError)) throw error;
      if (lostAt === null) onConnection('lost');
      lostAt ??= Date.now();
      if (Date.now() - lostAt > OUTAGE_MS_MAX) throw error;
      return null;
    }
  };
};

const createTargetReader = ({ client, taskId }: WatchOptions) => {
  let targets: TargetDto[] = [];
  let nextAt = 0;
  return async (task: TaskDto): Promise<TargetDto[]> => {
    if (Date.now() < nextAt) return targets;
    targets = await client.listTargets(taskId);
    const pages = Math.ceil(task.targets.total / TARGETS_PER_POLL);
    nextAt = pages <= 1 ? 0 : Date.now() + pages * 1000;
    return targets;
  };
};

/**
 * Follows a task until it ends, is paused, or has waited long enough, and gives its last report.
 * @throws the reason of `signal` when that is aborted; CliError when the service stays away.
 */
export const watchTask = async (
  options: WatchOptions,
): Promise<{ end: WatchEnd; report: TaskReport }> => {
  const { client, taskId, signal, onView } = options;
  const losePatience = createPatience(options);
  const guard = createOutageGuard(options);
  const readTargets = createTargetReader(options);
  const rate = createRateMeter();
  for (;;) {
    const seen = await guard(async () => {
      const task = await client.call('GET /tasks/:id', { params: { id: taskId } });
      return { task, targets: await readTargets(task) };
    });
    if (seen !== null) {
      const { task } = seen;
      const now = Date.now();
      const end = isTaskEnded(task.status)
        ? 'ended'
        : task.status === 'paused'
          ? 'paused'
          : losePatience(task, now);
      const report = end === null ? null : await guard(() => client.getReport(taskId));
      onView({
        task: report?.task ?? task,
        targets: report?.targets ?? seen.targets,
        elapsedMs: elapsedOf({ task }, now),
        requestRate: rate(task.metrics.requests, now),
      });
      if (end !== null && report !== null) return { end, report };
    }
    await sleep(POLL_MS, undefined, { signal });
  }
};

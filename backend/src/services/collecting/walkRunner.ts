import pLimit from 'p-limit';
import type { Walk } from '../../repositories/walkRepository';
import type { Committer } from './committer';
import { readPage } from './readWalk';
import type { ReadContext } from './readWall';

/** Lists that wait for their turn before a wall is read further: memory stays bounded. */
const BACKLOG_MAX = 200;

interface WalkRunnerOptions {
  context: ReadContext;
  committer: Committer;
  walksMax: number;
  /** Aborted when the target is lost, waits, or the process stops. */
  signal: AbortSignal;
  /** Stops the other walks of the target; called with the first failure. */
  stop(cause: unknown): void;
}

/**
 * Reads walks and all that they open, `walksMax` lists at a time, until none is left.
 * @throws the first failure, after every walk on its way has come to rest.
 */
export const runWalks = async (
  walks: Walk[],
  { context, committer, walksMax, signal, stop }: WalkRunnerOptions,
): Promise<void> => {
  const limit = pLimit(walksMax);
  const running = new Set<Promise<void>>();
  let wakeWalls: (() => void)[] = [];

  const backlogFalls = async (): Promise<void> => {
    while (limit.pendingCount > BACKLOG_MAX && !signal.aborted) {
      await new Promise<void>((resolve) => wakeWalls.push(resolve));
    }
  };

  const readWhole = async (first: Walk): Promise<void> => {
    let walk = first;
    for (;;) {
      if (walk.kind === 'wall') await backlogFalls();
      signal.throwIfAborted();
      const page = await readPage(walk, context);
      signal.throwIfAborted();
      const opened = await committer.commit(page);
      for (const next of opened) start(next);
      if (page.move.state !== 'open') return;
      walk = { ...page.move, version: walk.version + 1 };
    }
  };

  const start = (walk: Walk): void => {
    // A wall feeds the others, so that it waits for the backlog and not for a place among them.
    const whole = walk.kind === 'wall' ? readWhole(walk) : limit(() => readWhole(walk));
    const settled = whole.catch(stop).finally(() => {
      running.delete(settled);
      wakeWalls.forEach((wake) => wake());
      wakeWalls = [];
    });
    running.add(settled);
  };

  walks.forEach(start);
  while (running.size > 0) await Promise.all(running);
  signal.throwIfAborted();
};

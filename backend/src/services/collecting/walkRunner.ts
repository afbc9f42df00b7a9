import pLimit from 'p-limit';
import type { Walk } from '../../repositories/walkRepository';
import type { Committer } from './committer';
import { createReadAhead, type SparePlaces } from './readAhead';
import { readPage } from './readWalk';
import type { TargetContext } from './readWall';

/** Lists that wait for their turn before a wall is read further: memory stays bounded. */
const BACKLOG_MAX = 200;

/** Pages of one target kept before their turn: two packs, one on its way while one is used. */
const AHEAD_MAX = 50;

interface WalkRunnerOptions {
  context: TargetContext;
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
  let kept = 0;

  const places: SparePlaces = {
    tryAsk: (ask) => {
      if (kept >= AHEAD_MAX || limit.activeCount + limit.pendingCount >= walksMax) return null;
      kept += 1;
      return limit(ask);
    },
    release: () => {
      kept -= 1;
    },
  };

  const backlogFalls = async (): Promise<void> => {
    while (limit.pendingCount > BACKLOG_MAX && !signal.aborted) {
      await new Promise<void>((resolve) => wakeWalls.push(resolve));
    }
  };

  const readWhole = async (first: Walk): Promise<void> => {
    const pages = createReadAhead(places, signal);
    let walk = first;
    try {
      for (;;) {
        if (walk.kind === 'wall') await backlogFalls();
        signal.throwIfAborted();
        const page = await readPage(walk, { ...context, pages });
        signal.throwIfAborted();
        const opened = await committer.commit(page);
        for (const next of opened) start(next);
        if (page.move.state !== 'open') return;
        walk = { ...page.move, version: walk.version + 1 };
      }
    } finally {
      pages.drop();
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

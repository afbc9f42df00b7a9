import type { Logger } from './utils/logger';

type Release = () => Promise<unknown> | void;

export interface Lifecycle {
  /** Adds what must be released at the end; the last added goes first. */
  onStop(name: string, release: Release): void;
  /** Releases everything, once, each step and the whole within bounds; never throws. */
  stop(): Promise<void>;
}

/** A step that hangs, such as closing a queue whose Redis is away, must not hold up the rest. */
const STEP_MS_MAX = 8_000;

export const createLifecycle = (logger: Logger): Lifecycle => {
  const releasers: { name: string; release: Release }[] = [];
  let stopped: Promise<void> | undefined;

  const runStep = async ({ name, release }: { name: string; release: Release }): Promise<void> => {
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(() => {
      logger.warn('released too slowly', { component: name });
      late.resolve();
    }, STEP_MS_MAX);
    try {
      await Promise.race([release(), late.promise]);
    } catch (error) {
      logger.warn('not released cleanly', { component: name, error });
    } finally {
      clearTimeout(timer);
    }
  };

  const stopAll = async (): Promise<void> => {
    for (const step of releasers.toReversed()) await runStep(step);
  };

  return {
    onStop: (name, release) => void releasers.push({ name, release }),
    stop: () => (stopped ??= stopAll()),
  };
};

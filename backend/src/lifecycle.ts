import type { Logger } from './utils/logger';

type Release = () => Promise<unknown> | void;

export interface Lifecycle {
  /** Adds what must be released at the end; the last added goes first. */
  onStop(name: string, release: Release): void;
  /**
   * Releases everything, once. Never throws and takes no longer than it may: what is late is begun
   * all the same, and not waited for.
   */
  stop(): Promise<void>;
}

interface Step {
  name: string;
  release: Release;
}

/** A step that hangs, such as closing a queue whose Redis is away, must not hold up the rest. */
const STEP_MS_MAX = 8_000;

/** @param stopMsMax milliseconds that `stop` may take */
export const createLifecycle = (logger: Logger, stopMsMax: number): Lifecycle => {
  const releasers: Step[] = [];
  let stopped: Promise<void> | undefined;

  const runStep = async ({ name, release }: Step, msMax: number): Promise<void> => {
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(() => {
      logger.warn('released too slowly', { component: name });
      late.resolve();
    }, msMax);
    try {
      await Promise.race([release(), late.promise]);
    } catch (error) {
      logger.warn('not released cleanly', { component: name, error });
    } finally {
      clearTimeout(timer);
    }
  };

  const stopAll = async (): Promise<void> => {
    const untilMs = performance.now() + stopMsMax;
    for (const step of releasers.toReversed()) {
      const leftMs = Math.max(0, untilMs - performance.now());
      await runStep(step, Math.min(STEP_MS_MAX, leftMs));
    }
  };

  return {
    onStop: (name, release) => void releasers.push({ name, release }),
    stop: () => (stopped ??= stopAll()),
  };
};

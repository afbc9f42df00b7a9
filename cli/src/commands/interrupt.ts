import { EXIT } from '../output/cliError';

/** Longer than the bounded shutdown of the service, shorter than anyone's patience. */
const SHUTDOWN_DEADLINE_MS = 9_500;

const EXIT_BY_SIGNAL: Partial<Record<NodeJS.Signals, number>> = {
  SIGINT: EXIT.interrupted,
  SIGTERM: 143,
  SIGHUP: 129,
};

/** The wish of a person or a supervisor that the command ends. */
export interface Interrupt {
  /** Aborted by the first signal, or when nobody reads the output any more. */
  readonly signal: AbortSignal;
  /** The exit code that the interruption asks for; null while there was none. */
  exitCode(): number | null;
  /** Resolves with the interruption; never rejects. */
  whenInterrupted(): Promise<void>;
}

/**
 * Listens for SIGINT, SIGTERM, SIGHUP and a closed standard output. The first asks for a clean end
 * and sets a deadline for it; a second signal exits at once.
 */
export const createInterrupt = (process: NodeJS.Process): Interrupt => {
  const controller = new AbortController();
  const { promise, resolve } = Promise.withResolvers<void>();
  let exitCode: number | null = null;
  const interrupt = (why: string, code: number): void => {
    if (exitCode !== null) return;
    exitCode = code;
    setTimeout(() => process.exit(code), SHUTDOWN_DEADLINE_MS).unref();
    controller.abort(new DOMException(why, 'AbortError'));
    resolve();
  };
  const onSignal = (name: NodeJS.Signals): void => {
    if (exitCode !== null) process.exit(exitCode);
    interrupt(name, EXIT_BY_SIGNAL[name] ?? EXIT.failed);
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal).on('SIGHUP', onSignal);
  // `stenograf … | head` has what it wants: there is nothing to complain about.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    interrupt('EPIPE', EXIT.complete);
  });
  return {
    signal: controller.signal,
    exitCode: () => exitCode,
    whenInterrupted: () => promise,
  };
};

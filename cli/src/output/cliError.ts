/** Exit codes of every command; part of what scripts build on. */
export const EXIT = {
  complete: 0,
  failed: 1,
  usage: 2,
  partial: 3,
  noPermission: 4,
  quota: 5,
  interrupted: 130,
} as const;

/** A failure whose message is a sentence for the person at the terminal. */
export class CliError extends Error {
  readonly exitCode: number;

  constructor(exitCode: number, message: string, { cause }: { cause?: unknown } = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'CliError';
    this.exitCode = exitCode;
  }
}

export const createUsageError = (message: string): CliError => new CliError(EXIT.usage, message);

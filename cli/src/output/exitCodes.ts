import type { TaskReport } from '@stenograf/contracts/api';
import type { ReasonKind } from '@stenograf/contracts/reasons';
import { EXIT } from './cliError';

const TOKEN_KINDS: ReadonlySet<ReasonKind> = new Set(['no_token', 'token_invalid', 'captcha']);

/** A task that failed for want of a usable token can be repaired by the reader: it is no plain 1. */
const failedForToken = ({ targets }: TaskReport): boolean =>
  targets.length > 0 && targets.every(({ kind }) => kind !== null && TOKEN_KINDS.has(kind));

/** The exit code that says how far a task has come. A task still under way counts as complete. */
export const exitCodeOf = (report: TaskReport): number => {
  const { status, waiting_for: waitingFor } = report.task;
  switch (status) {
    case 'failed':
      return failedForToken(report) ? EXIT.noPermission : EXIT.failed;
    case 'cancelling':
    case 'cancelled':
      return EXIT.failed;
    case 'partial':
    case 'pausing':
    case 'paused':
      return EXIT.partial;
    case 'waiting':
      return waitingFor === 'quota' ? EXIT.quota : EXIT.noPermission;
    case 'queued':
    case 'running':
    case 'completed':
      return EXIT.complete;
  }
};

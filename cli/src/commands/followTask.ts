import type { Connection } from '../client/connection';
import { watchTask, type WatchEnd } from '../client/watchTask';
import type { TaskReport } from '@stenograf/contracts/api';
import { formatDuration } from '../output/format';
import { createProgress } from '../output/progress';
import { renderSummary } from '../output/summary';
import type { CommandContext } from './context';
import type { MaxWait } from './maxWait';

export interface FollowOptions {
  taskId: number;
  maxWait: MaxWait;
  /** What becomes of the task when the reader interrupts, and what is said of it. */
  onInterrupt: () => Promise<void>;
}

/** The service goes on with the task; only the watching ends. */
export const stopWatching = (
  taskId: number,
  { note, sentences, cli }: CommandContext,
): Promise<void> => {
  note(sentences.interruptedWatching(cli, taskId));
  return Promise.resolve();
};

/** Stops a task whose reader leaves and keeps what it has read. */
export const pauseTask = async (
  { client }: Connection,
  taskId: number,
  context: CommandContext,
): Promise<void> => {
  try {
    await client.pauseAtInterrupt(taskId);
    context.note(context.sentences.interruptedPaused(context.cli, taskId));
  } catch {
    // It ended in the meantime, or the service is gone: what was read is kept in any case.
    await stopWatching(taskId, context);
  }
};

const noteEnd = (
  end: WatchEnd,
  { task }: TaskReport,
  { maxWait: { maxWaitMs } }: FollowOptions,
  { note, sentences, cli }: CommandContext,
): void => {
  if (end === 'waited') note(sentences.waitedEnough(cli, task.id, formatDuration(maxWaitMs)));
  if (end !== 'waits_in_vain') return;
  const why =
    task.waiting_for === 'captcha' ? sentences.captchaWillNotCome : sentences.noTokenWillCome(cli);
  note(`${why}${sentences.watchCommand(cli, task.id)}`);
};

/**
 * Shows a task's progress until it ends or has waited long enough. When interrupted it does what
 * `onInterrupt` says, then throws what the interruption carries.
 */
export const followTask = async (
  connection: Connection,
  options: FollowOptions,
  context: CommandContext,
): Promise<TaskReport> => {
  const { taskId, maxWait } = options;
  const { interrupt, sentences, stderr, cli } = context;
  const progress = createProgress(context);
  try {
    const { end, report } = await watchTask({
      client: connection.client,
      taskId,
      maxWaitMs: maxWait.maxWaitMs,
      signal: interrupt.signal,
      // A script that did not ask to wait has nobody who could add a token meanwhile.
      waitsForPeople: !connection.embedded || maxWait.isTyped || stderr.isTTY,
      onView: progress.update,
      onWaitForPeople: (waitingFor) =>
        progress.note(
          waitingFor === 'captcha' ? sentences.passCaptcha : sentences.addTokenElsewhere(cli),
        ),
      onConnection: (state) =>
        progress.note(state === 'lost' ? sentences.connectionLost : sentences.connectionBack),
    });
    progress.finish();
    noteEnd(end, report, options, context);
    return report;
  } catch (error) {
    progress.finish();
    if (interrupt.signal.aborted) await options.onInterrupt();
    throw error;
  }
};

/** The report as the one JSON object that scripts read, or as a summary for people. */
export const printReport = (
  report: TaskReport,
  { json }: { json?: boolean },
  { print, outColors: colors, language, sentences }: CommandContext,
): void => {
  if (json) {
    print(JSON.stringify(report));
    return;
  }
  const lines = renderSummary(report, Date.now(), { colors, language, sentences });
  print(lines.join('\n'));
};

import type { Connection } from '../client/connection';
import { watchTask, type WatchEnd } from '../client/watchTask';
import type { TaskReport } from '@stenograf/contracts/api';
import { formatDuration } from '../output/format';
import { createProgress } from '../output/progress';
import { renderSummary } from '../output/summary';
import type { CommandContext } from './context';

export interface FollowOptions {
  taskId: number;
  maxWaitMs: number;
  /** Said when the reader interrupts: what becomes of the task, and how to go on. */
  interruptedNote: string;
}

/** What becomes of a task whose watcher leaves. */
export const interruptedNoteOf = (
  { embedded }: Connection,
  taskId: number,
  { sentences, cli }: CommandContext,
): string =>
  embedded ? sentences.interruptedEmbedded(cli, taskId) : sentences.interruptedService(cli, taskId);

const noteEnd = (
  end: WatchEnd,
  { task }: TaskReport,
  { maxWaitMs }: FollowOptions,
  { note, sentences, cli }: CommandContext,
): void => {
  if (end === 'waited') note(sentences.waitedEnough(cli, task.id, formatDuration(maxWaitMs)));
  if (end !== 'waits_in_vain') return;
  const why =
    task.waiting_for === 'captcha' ? sentences.captchaWillNotCome : sentences.noTokenWillCome;
  note(`${why}${sentences.watchCommand(cli, task.id)}`);
};

/**
 * Shows a task's progress until it ends or has waited long enough. When interrupted it says how to
 * go on, then throws what the interruption carries.
 */
export const followTask = async (
  connection: Connection,
  options: FollowOptions,
  context: CommandContext,
): Promise<TaskReport> => {
  const { taskId, maxWaitMs } = options;
  const { interrupt, sentences, note } = context;
  const progress = createProgress(context);
  try {
    const { end, report } = await watchTask({
      client: connection.client,
      taskId,
      maxWaitMs,
      signal: interrupt.signal,
      tokensAreFixed: connection.embedded,
      onView: progress.update,
      onConnection: (state) =>
        progress.note(state === 'lost' ? sentences.connectionLost : sentences.connectionBack),
    });
    progress.finish();
    noteEnd(end, report, options, context);
    return report;
  } catch (error) {
    progress.finish();
    if (interrupt.signal.aborted) note(options.interruptedNote);
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

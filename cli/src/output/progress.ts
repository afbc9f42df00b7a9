import { createLogUpdate } from 'log-update';
import type { CommandContext } from '../commands/context';
import { createPlainProgress } from './plainProgress';
import { renderProgress, type ProgressView } from './progressBlock';

/** Shows how a task comes along, on stderr. */
export interface Progress {
  readonly update: (view: ProgressView) => void;
  /** A line that stays, above what is redrawn. */
  readonly note: (line: string) => void;
  /** Leaves the last state on the screen; nothing is drawn after it. Safe to repeat. */
  readonly finish: () => void;
}

const FRAME_MS = 100;

const createLiveProgress = ({
  stderr,
  errColors: colors,
  language,
  sentences,
}: CommandContext): Progress => {
  const draw = createLogUpdate(stderr);
  let view: ProgressView | null = null;
  let frame = 0;
  let isFinished = false;
  const redraw = (): void => {
    if (view === null) return;
    // A terminal that does not tell its size says 0, or nothing.
    const columns = stderr.columns || 80;
    const rows = stderr.rows || 24;
    draw(renderProgress(view, { columns, rows, frame, colors, language, sentences }));
  };
  const timer = setInterval(() => {
    frame += 1;
    redraw();
  }, FRAME_MS);
  return {
    update: (next) => {
      view = next;
      redraw();
    },
    note: (line) => {
      draw.persist(line);
      redraw();
    },
    finish: () => {
      if (isFinished) return;
      isFinished = true;
      clearInterval(timer);
      draw.done();
      stderr.write('\n');
    },
  };
};

const createLineProgress = ({ note, language, sentences }: CommandContext): Progress => {
  const lines = createPlainProgress(language, sentences);
  return {
    update: (view) => {
      for (const line of lines.next(view)) note(line);
    },
    note,
    finish: () => undefined,
  };
};

/** Redrawn in place on a terminal, one line for each change otherwise. */
export const createProgress = (context: CommandContext): Progress =>
  context.stderr.isTTY && context.env['TERM'] !== 'dumb'
    ? createLiveProgress(context)
    : createLineProgress(context);

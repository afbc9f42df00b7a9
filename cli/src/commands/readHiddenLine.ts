import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { CommandContext } from './context';

/** Takes what readline would show of the typing. */
const createNowhere = (): Writable => new Writable({ write: (_chunk, _encoding, done) => done() });

/** One line, not shown as it is typed; empty where none came. */
export const readHiddenLine = async (
  { stdin, stderr, note, interrupt }: CommandContext,
  prompt: string,
): Promise<string> => {
  const isTerminal = stdin.isTTY;
  const lines = createInterface({ input: stdin, output: createNowhere(), terminal: isTerminal });
  if (isTerminal) stderr.write(prompt);
  // In a terminal readline takes Ctrl-C for itself.
  lines.on('SIGINT', () => void process.kill(process.pid, 'SIGINT'));
  try {
    const { value } = await Promise.race([
      lines[Symbol.asyncIterator]().next(),
      interrupt.whenInterrupted().then(() => ({ value: undefined })),
    ]);
    return typeof value === 'string' ? value : '';
  } finally {
    lines.close();
    if (isTerminal) note('');
  }
};

import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { createUsageError } from '../output/cliError';
import type { CommandContext } from './context';

/** Takes what readline would show of the typing. */
const createNowhere = (): Writable => new Writable({ write: (_chunk, _encoding, done) => done() });

/**
 * One line, not shown as it is typed.
 * @throws CliError `usage` for an empty one.
 */
export const readPassword = async ({
  stdin,
  stderr,
  sentences,
  note,
  interrupt,
}: CommandContext): Promise<string> => {
  const isTerminal = stdin.isTTY;
  const lines = createInterface({ input: stdin, output: createNowhere(), terminal: isTerminal });
  if (isTerminal) stderr.write(sentences.access.passwordPrompt);
  // In a terminal readline takes Ctrl-C for itself.
  lines.on('SIGINT', () => void process.kill(process.pid, 'SIGINT'));
  try {
    const { value } = await Promise.race([
      lines[Symbol.asyncIterator]().next(),
      interrupt.whenInterrupted().then(() => ({ value: undefined })),
    ]);
    if (typeof value === 'string' && value !== '') return value;
    throw createUsageError(sentences.access.noPassword);
  } finally {
    lines.close();
    if (isTerminal) note('');
  }
};

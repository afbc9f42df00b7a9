import { createUsageError } from '../output/cliError';
import type { CommandContext } from './context';
import { readHiddenLine } from './readHiddenLine';
import { readStdin } from './readStdin';

/**
 * One token, from a prompt that shows nothing of it or from standard input.
 * @throws CliError `usage` for nothing, or for more than one line.
 */
export const readToken = async (context: CommandContext): Promise<string> => {
  const { stdin, sentences } = context;
  const text = await (stdin.isTTY
    ? readHiddenLine(context, sentences.tokenPrompt)
    : readStdin(context));
  const lines = text
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (lines.length > 1) throw createUsageError(sentences.manyTokensGiven);
  if (lines[0] === undefined) throw createUsageError(sentences.noTokenGiven);
  return lines[0];
};

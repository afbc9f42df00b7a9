import { createUsageError } from '../output/cliError';
import type { CommandContext } from './context';
import { readHiddenLine } from './readHiddenLine';

/**
 * One line, not shown as it is typed.
 * @throws CliError `usage` for an empty one.
 */
export const readPassword = async (context: CommandContext): Promise<string> => {
  const { access } = context.sentences;
  const password = await readHiddenLine(context, access.passwordPrompt);
  if (password === '') throw createUsageError(access.noPassword);
  return password;
};

import { COMMUNITIES_MAX } from '@stenograf/contracts/api';
import { holdsVkToken } from '@stenograf/contracts/vkTokenShape';
import { createUsageError } from '../output/cliError';
import { formatNumber } from '../output/format';
import type { CommandContext } from './context';
import { readStdin } from './readStdin';

/**
 * One reference a line; blank lines and comments are skipped. `#` starts a comment at the start of
 * a line or after a blank: within a link it is part of the link.
 */
export const parseReferenceLines = (text: string): string[] =>
  text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/)
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .filter((line) => line !== '');

const readLines = async (context: CommandContext): Promise<string[]> => {
  if (context.stdin.isTTY) context.note(context.sentences.stdinIsTerminal);
  return parseReferenceLines(await readStdin(context));
};

/**
 * What was typed, with `-` replaced by the lines of standard input.
 * @throws CliError `usage` when that is nothing, more than a task takes, or a VK token.
 */
export const readReferences = async (
  typed: string[],
  context: CommandContext,
): Promise<string[]> => {
  const { sentences } = context;
  const references: string[] = [];
  for (const word of typed) {
    if (word === '-') references.push(...(await readLines(context)));
    else if (word.trim() !== '') references.push(word.trim());
  }
  if (references.length === 0) throw createUsageError(sentences.noReferences);
  const token = references.findIndex(holdsVkToken);
  if (token >= 0) throw createUsageError(sentences.tokenAsReference(token + 1));
  if (references.length > COMMUNITIES_MAX) {
    throw createUsageError(
      sentences.tooManyReferences(formatNumber(references.length), formatNumber(COMMUNITIES_MAX)),
    );
  }
  return references;
};

import type { Command } from 'commander';
import type { Sentences } from '../output/sentences/en';
import { parseDuration } from './values';

const DEFAULT = '10m';

export interface MaxWait {
  maxWaitMs: number;
  /** Whether the reader asked to wait, rather than nobody having said anything. */
  isTyped: boolean;
}

/** The option of every command that follows a task. */
export const addMaxWaitOption = (command: Command): Command =>
  command.option(
    '--max-wait <time>',
    `how long to wait for a quota, a token or a captcha (default: "${DEFAULT}")`,
  );

/** @throws CliError `usage`. */
export const parseMaxWait = (typed: string | undefined, sentences: Sentences): MaxWait => ({
  maxWaitMs: parseDuration('--max-wait', typed ?? DEFAULT, sentences),
  isTyped: typed !== undefined,
});

import type { Language } from '@stenograf/contracts/reasons';
import { createColors, type Colors } from '../output/colors';
import { readLanguage } from '../output/language';
import type { Sentences } from '../output/sentences/en';
import { sentencesIn } from '../output/sentences/sentencesIn';
import { createInterrupt, type Interrupt } from './interrupt';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What a command may touch of the world around it. */
export interface CommandContext {
  readonly env: Environment;
  /** How the reader calls the CLI, such as `bin/stenograf`. */
  readonly cli: string;
  readonly language: Language;
  readonly sentences: Sentences;
  readonly interrupt: Interrupt;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  /** Colours for what goes to that stream; none where it is no terminal. */
  readonly outColors: Colors;
  readonly errColors: Colors;
  /** A line of the result. */
  readonly print: (line: string) => void;
  /** A line of progress, set-up, keys, links. */
  readonly note: (line: string) => void;
}

export const createContext = (process: NodeJS.Process): CommandContext => {
  const { env, stdin, stdout, stderr } = process;
  const cli = env['STENOGRAF_COMMAND'] || 'stenograf';
  const language = readLanguage(env);
  return {
    env,
    cli,
    language,
    sentences: sentencesIn(language),
    interrupt: createInterrupt(process),
    stdin,
    stdout,
    stderr,
    outColors: createColors(stdout, env),
    errColors: createColors(stderr, env),
    print: (line) => void stdout.write(`${line}\n`),
    note: (line) => void stderr.write(`${line}\n`),
  };
};

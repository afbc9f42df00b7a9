import { rename, stat } from 'node:fs/promises';
import { findText } from './privateFile';

const LINES_MAX = 5;

/** Keeps the log of the run before, which may say why it ended, and lets a new one begin. */
export const rotateLog = async (path: string): Promise<void> => {
  if (await stat(path).catch(() => null)) await rename(path, `${path}.previous`);
};

/** The last lines of a service's log, to stand at the end of a sentence; empty if there are none. */
export const quoteLogTail = async (path: string): Promise<string> => {
  const text = (await findText(path).catch(() => null)) ?? '';
  const lines = text.trimEnd().split('\n').slice(-LINES_MAX);
  return text.trim() === '' ? '' : `\nThe last lines of ${path}:\n  ${lines.join('\n  ')}`;
};

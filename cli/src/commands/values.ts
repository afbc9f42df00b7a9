import { createUsageError } from '../output/cliError';
import type { Sentences } from '../output/sentences/en';

/** @throws CliError `usage` for anything but a whole number within the bounds. */
export const parseInteger = (
  option: string,
  value: string,
  { min, max = null }: { min: number; max?: number | null },
  sentences: Sentences,
): number => {
  const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
  if (!(number >= min) || (max !== null && number > max)) {
    throw createUsageError(sentences.notANumber(option, value, min, max));
  }
  return number;
};

/** `all` → null. @throws CliError `usage`. */
export const parsePosts = (value: string, sentences: Sentences): number | null => {
  if (value === 'all') return null;
  if (!/^[1-9]\d{0,14}$/.test(value)) throw createUsageError(sentences.notPosts(value));
  return Number(value);
};

const UNIT_MS: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `30s`, `10m`, `2h`, `1d`, or seconds → milliseconds. @throws CliError `usage`. */
export const parseDuration = (option: string, value: string, sentences: Sentences): number => {
  const [, amount, unit = 's'] = /^(\d{1,7})([smhd])?$/.exec(value) ?? [];
  const unitMs = UNIT_MS[unit];
  if (amount === undefined || unitMs === undefined) {
    throw createUsageError(sentences.notADuration(option, value));
  }
  return Number(amount) * unitMs;
};

/** @throws CliError `usage`. */
export const parseTaskId = (value: string, sentences: Sentences): number =>
  parseNumberOf(value, sentences.notATaskId);

/** The number of something that exists. @throws CliError `usage` with the sentence. */
export const parseNumberOf = (value: string, sentence: (value: string) => string): number => {
  if (!/^[1-9]\d{0,14}$/.test(value)) throw createUsageError(sentence(value));
  return Number(value);
};

/**
 * Refuses what cannot be a date before anything is started; the service decides on the rest.
 * @throws CliError `usage`.
 */
export const parseDate = (option: string, value: string, sentences: Sentences): string => {
  if (!/^(\d{4}-\d{2}-\d{2}.*|\d+[a-z])$/i.test(value)) {
    throw createUsageError(sentences.notADate(option, value));
  }
  return value;
};

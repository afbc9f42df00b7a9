import { checkFaultPlan } from './faultsCheck';
import type { Fault, FaultChance, FaultKind, FaultPlan } from './faults';

/** What is left of a line to be read, word by word. */
interface Words {
  /** Takes the next word when it is one of these, in any letters. */
  accept(...words: string[]): boolean;
  /** Takes the next word when the pattern fits the whole of it. */
  match(pattern: RegExp): RegExpExecArray | null;
  isAtEnd(): boolean;
  fail(expected: string): never;
}

/** A quoted text is one word, quotes included. */
const splitWords = (line: string): string[] => line.match(/"[^"]*"|[^\s,]+/g) ?? [];

const createWords = (line: string, lineNumber: number): Words => {
  const words = splitWords(line);
  let index = 0;
  const fail = (expected: string): never => {
    const found = words[index] === undefined ? 'the line ends' : `"${words[index]}" stands there`;
    throw new RangeError(`faults, line ${lineNumber}: ${expected} expected, but ${found}`);
  };
  const match = (pattern: RegExp): RegExpExecArray | null => {
    const found = pattern.exec(words[index] ?? '');
    if (found) index += 1;
    return found;
  };
  return {
    match,
    fail,
    accept: (...expected) => match(new RegExp(`^(?:${expected.join('|')})$`, 'i')) !== null,
    isAtEnd: () => index >= words.length,
  };
};

const NUMBER_WORDS: Record<string, number> = {
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
};

const readNumber = (words: Words): number => {
  const found = words.match(/^[+-]?\d+$/);
  return found ? Number(found[0]) : words.fail('a number');
};

/** `500 ms`, `500ms`, `2 s`. */
const readDuration = (words: Words): number => {
  const [, digits, joined] = words.match(/^(\d+)(ms|s)?$/i) ?? words.fail('a duration');
  const unit = joined ?? words.match(/^(?:ms|s)$/i)?.[0] ?? words.fail('"ms" or "s"');
  return Number(digits) * (unit.toLowerCase() === 's' ? 1_000 : 1);
};

/** The two forms in which VK asks for a captcha: since 2025 a page to open, before that a picture. */
const CAPTCHA_PICTURE = {
  captcha_sid: '239633676097',
  captcha_img: 'https://api.vk.ru/captcha.php',
};
const CAPTCHA_PAGE = {
  ...CAPTCHA_PICTURE,
  redirect_uri: 'https://id.vk.ru/not_robot_captcha?domain=vk.ru&session_token=sandbox',
  captcha_ts: 1_763_640_000.123,
  captcha_attempt: 1,
  captcha_ratio: 2.6,
  is_refresh_enabled: true,
  is_sound_captcha_available: true,
};

const readCaptcha = (words: Words): FaultKind => {
  const extra = words.accept('picture') ? CAPTCHA_PICTURE : CAPTCHA_PAGE;
  words.accept('page');
  return { kind: 'vk-error', code: 14, extra };
};

const readError = (words: Words): FaultKind => {
  const code = readNumber(words);
  const quoted = words.match(/^"([^"]*)"$/);
  return { kind: 'vk-error', code, ...(quoted ? { msg: quoted[1] } : {}) };
};

const expectWord = (words: Words, word: string): void => {
  if (!words.accept(word)) words.fail(`"${word}"`);
};

/** What may follow `answer`, by its first word. */
const FAULTS: Record<string, (words: Words) => FaultKind> = {
  error: readError,
  captcha: readCaptcha,
  validation: () => ({
    kind: 'vk-error',
    code: 17,
    msg: 'Validation required: please open redirect_uri in browser',
    extra: { redirect_uri: 'https://m.vk.ru/activation?act=validate&api_hash=sandbox' },
  }),
  html: () => ({ kind: 'html-200' }),
  reset: () => ({ kind: 'reset' }),
  close: () => ({ kind: 'close' }),
  stall: (words) => ({ kind: 'stall', ms: readDuration(words) }),
  slow: (words) => ({ kind: 'slow', ms: readDuration(words) }),
  empty: () => ({ kind: 'empty-body' }),
  truncated: (words) => {
    if (words.accept('body')) return { kind: 'truncated-body' };
    words.accept('json');
    return { kind: 'truncated-json' };
  },
  too: (words) => {
    expectWord(words, 'big');
    return { kind: 'too-big' };
  },
  short: (words) => {
    expectWord(words, 'page');
    const less = words.match(/^-\d+$/);
    return { kind: 'short-page', ...(less ? { items: -Number(less[0]) } : {}) };
  },
  wrong: (words) => {
    expectWord(words, 'count');
    return { kind: 'wrong-count', by: readNumber(words) };
  },
};

const readFault = (words: Words): FaultKind => {
  const status = words.match(/^[1-5]\d\d$/);
  if (status) return { kind: 'http', status: Number(status[0]) };
  const name = words.match(/^[a-z]+$/i)?.[0].toLowerCase() ?? '';
  const read = FAULTS[name] ?? words.fail(`a status or one of ${Object.keys(FAULTS).join(', ')}`);
  return read(words);
};

const readTimes = (words: Words): Fault['times'] => {
  if (words.isAtEnd() || words.accept('once')) return 1;
  if (words.accept('always')) return 'always';
  if (words.accept('twice')) return 2;
  const counted = words.match(/^[a-z]+$|^\d+$/i) ?? words.fail('how often');
  const times = NUMBER_WORDS[counted[0].toLowerCase()] ?? Number(counted[0]);
  if (!Number.isInteger(times) || times < 1) words.fail('how often');
  expectWord(words, 'times?');
  return times;
};

/** A method, or nothing where the line speaks of requests. */
const readMethod = (words: Words): { method?: string } => {
  const method = words.match(/^(?:\w+\.\w+|execute)$/)?.[0];
  words.accept('requests?', 'calls?');
  return method === undefined ? {} : { method };
};

const readChance = (words: Words, percent: string): FaultChance => {
  const method = words.accept('of') ? readMethod(words) : {};
  words.accept('answer');
  return { ...readFault(words), ...method, share: Number(percent) / 100 };
};

const readScripted = (words: Words): Fault => {
  const skip = words.accept('after') ? { skip: readNumber(words) } : {};
  words.accept('on');
  const method = readMethod(words);
  words.accept('answer');
  return { ...readFault(words), ...method, ...skip, times: readTimes(words) ?? 1 };
};

const readLine = (
  words: Words,
  plan: { seed?: number; script: Fault[]; chances: FaultChance[] },
) => {
  if (words.accept('seed')) plan.seed = readNumber(words);
  else {
    const percent = words.match(/^(\d+(?:\.\d+)?)%$/)?.[1];
    if (percent === undefined) plan.script.push(readScripted(words));
    else plan.chances.push(readChance(words, percent));
  }
  if (!words.isAtEnd()) words.fail('the end of the line');
};

const parseLines = (text: string): FaultPlan => {
  const plan: { seed?: number; script: Fault[]; chances: FaultChance[] } = {
    script: [],
    chances: [],
  };
  for (const [index, line] of text.split('\n').entries()) {
    for (const rule of line.replace(/#.*$/, '').split(';')) {
      if (rule.trim() !== '') readLine(createWords(rule, index + 1), plan);
    }
  }
  return plan;
};

/**
 * Reads a plan of faults: JSON as `FaultPlan` (or a bare list of faults) when it begins with a bracket,
 * else one rule a line or between semicolons, with comments behind `#`:
 *
 *     seed 7
 *     after 20 requests answer 502 three times
 *     after 3 wall.getComments answer error 15 "Access denied: post or comment deleted"
 *     on execute answer too big twice
 *     2% of wall.get answer stall 500 ms
 *     1% answer reset
 *
 * @throws RangeError that says what is wrong, and in which line
 */
export const parseFaultPlan = (text: string): FaultPlan => {
  if (!/^\s*[[{]/.test(text)) return checkFaultPlan(parseLines(text));
  try {
    return checkFaultPlan(JSON.parse(text));
  } catch (cause) {
    if (cause instanceof RangeError) throw cause;
    throw new RangeError(`faults: ${String(cause)}`, { cause });
  }
};

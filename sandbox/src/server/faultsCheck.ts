import type { Fault, FaultChance, FaultKind, FaultPlan } from './faults';

type Fields = Record<string, unknown>;
type Check = (value: unknown) => boolean;

const isWhole =
  (min: number, max = Number.MAX_SAFE_INTEGER): Check =>
  (value) =>
    Number.isInteger(value) && Number(value) >= min && Number(value) <= max;
const isText: Check = (value) => typeof value === 'string';
const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const orNone =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);

/** Longest wait that a timer takes. */
const DELAY_MS_MAX = 2 ** 31 - 1;

/** The fields of each kind beside those that every fault has. */
const KINDS: Record<FaultKind['kind'], Record<string, Check>> = {
  'vk-error': { code: isWhole(1), msg: orNone(isText), extra: orNone(isObject) },
  'html-200': {},
  'truncated-json': {},
  'truncated-body': {},
  reset: {},
  close: {},
  stall: { ms: isWhole(0, DELAY_MS_MAX) },
  http: { status: isWhole(200, 599), body: orNone(isText) },
  slow: { ms: isWhole(0, DELAY_MS_MAX) },
  'empty-body': {},
  'too-big': {},
  'short-page': { items: orNone(isWhole(1)) },
  'wrong-count': { by: isWhole(Number.MIN_SAFE_INTEGER) },
};

const SCRIPTED: Record<string, Check> = {
  method: orNone(isText),
  skip: orNone(isWhole(0)),
  times: orNone((value) => value === 'always' || isWhole(1)(value)),
};

const BY_CHANCE: Record<string, Check> = {
  method: orNone(isText),
  share: (value) => typeof value === 'number' && value > 0 && value <= 1,
};

const checkFields = (value: unknown, common: Record<string, Check>): Fields => {
  if (!isObject(value)) throw new RangeError(`a fault is an object: ${JSON.stringify(value)}`);
  const { kind, ...fields } = value;
  if (typeof kind !== 'string' || !Object.hasOwn(KINDS, kind)) {
    throw new RangeError(`kind is one of ${Object.keys(KINDS).join(', ')}: ${String(kind)}`);
  }
  const checks = { ...KINDS[kind as FaultKind['kind']], ...common };
  for (const name of Object.keys(fields)) {
    if (!Object.hasOwn(checks, name)) throw new RangeError(`a fault ${kind} has no ${name}`);
  }
  for (const [name, check] of Object.entries(checks)) {
    if (!check(fields[name])) {
      throw new RangeError(`${name} of a fault ${kind} cannot be ${JSON.stringify(fields[name])}`);
    }
  }
  return value;
};

/** @throws RangeError that says what is wrong with it */
const checkFault = (value: unknown): Fault => checkFields(value, SCRIPTED) as Fault;

const checkChance = (value: unknown): FaultChance => checkFields(value, BY_CHANCE) as FaultChance;

const asList = (value: unknown): unknown[] => {
  if (Array.isArray(value)) return value;
  throw new RangeError('script and chances are lists');
};

/**
 * A plan from JSON: a plan, one fault, or a list of faults.
 * @throws RangeError that says what is wrong with it
 */
export const checkFaultPlan = (value: unknown): FaultPlan => {
  if (Array.isArray(value)) return { script: value.map((fault) => checkFault(fault)) };
  if (!isObject(value)) throw new RangeError('a plan is an object or a list of faults');
  if ('kind' in value) return { script: [checkFault(value)] };
  const { seed, script = [], chances = [], ...others } = value;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw new RangeError(`a plan has no ${unknown}`);
  if (!orNone(isWhole(0))(seed)) throw new RangeError('the seed of a plan is a whole number');
  return {
    ...(seed === undefined ? {} : { seed: Number(seed) }),
    script: asList(script).map((fault) => checkFault(fault)),
    chances: asList(chances).map((chance) => checkChance(chance)),
  };
};

import { runtimeFailure } from './failures';
import { isEqual } from './operators';
import { bounded, getNumber, isList, toText, type ListValue, type Value } from './values';

/** What a method call gives, and what its receiver is afterwards. */
export interface MethodOutcome {
  result: Value;
  receiver: Value;
}

interface Arity {
  min: number;
  max: number;
}

interface ListMethod extends Arity {
  run(list: ListValue, args: ListValue): { result: Value; receiver?: ListValue };
}

const integer = (value: Value | undefined): number | undefined =>
  value === undefined ? undefined : Math.trunc(getNumber(value));

const isFound = (one: Value, other: Value): boolean =>
  typeof one !== 'object' && typeof other !== 'object' && isEqual(one, other);

/** How the methods of lists count: from the end when negative, and never out of the list. */
const clampStart = (start: number, { length }: ListValue): number =>
  start < 0 ? Math.max(0, length + start) : Math.min(start, length);

const LIST_METHODS: Readonly<Record<string, ListMethod>> = {
  slice: {
    min: 1,
    max: 2,
    run: (list, [start, end]) => ({ result: list.slice(integer(start), integer(end)) }),
  },
  push: {
    min: 1,
    max: Infinity,
    run: (list, args) => ({ result: list.length + args.length, receiver: [...list, ...args] }),
  },
  pop: {
    min: 0,
    max: 0,
    run: (list) => ({ result: list.at(-1) ?? null, receiver: list.slice(0, -1) }),
  },
  unshift: {
    min: 1,
    max: Infinity,
    run: (list, args) => ({ result: list.length + args.length, receiver: [...args, ...list] }),
  },
  shift: {
    min: 0,
    max: 0,
    run: (list) => ({ result: list[0] ?? null, receiver: list.slice(1) }),
  },
  splice: {
    min: 1,
    max: Infinity,
    run: (list, [first, count, ...added]) => {
      const start = clampStart(integer(first) ?? 0, list);
      const removed = Math.max(0, integer(count) ?? list.length);
      return {
        result: list.slice(start, start + removed),
        receiver: [...list.slice(0, start), ...added, ...list.slice(start + removed)],
      };
    },
  },
};

const TEXT_METHODS: Readonly<
  Record<string, Arity & { run(text: string, args: ListValue): Value }>
> = {
  substr: {
    min: 1,
    max: 2,
    run: (text, [first, length]) => {
      const start = integer(first) ?? 0;
      const from = start < 0 ? Math.max(0, text.length + start) : start;
      return text.slice(from, from + Math.max(0, integer(length) ?? text.length));
    },
  },
  split: { min: 1, max: 1, run: (text, [separator = '']) => text.split(toText(separator)) },
};

const assertArity = (method: string, { min, max }: Arity, args: ListValue): void => {
  if (args.length < min || args.length > max) {
    throw runtimeFailure(`Bad argument count for method ${method}`);
  }
};

const indexOf = (value: Value, args: ListValue): Value => {
  assertArity('indexOf', { min: 1, max: 1 }, args);
  const [sought = null] = args;
  if (isList(value)) return value.findIndex((item) => isFound(item, sought));
  if (typeof value === 'string') return value.indexOf(toText(sought));
  throw runtimeFailure('Method indexOf requires an array');
};

/**
 * Calls a method of a list or a text.
 * @throws VkFailure 13 for a receiver of another type, in VK's words: `Method slice requires an array`
 */
export const callMethod = (receiver: Value, method: string, args: ListValue): MethodOutcome => {
  if (method === 'indexOf') return { result: indexOf(receiver, args), receiver };
  const ofText = Object.hasOwn(TEXT_METHODS, method) ? TEXT_METHODS[method] : undefined;
  if (ofText) {
    if (typeof receiver !== 'string') throw runtimeFailure(`Method ${method} requires a string`);
    assertArity(method, ofText, args);
    return { result: ofText.run(receiver, args), receiver };
  }
  const ofList = Object.hasOwn(LIST_METHODS, method) ? LIST_METHODS[method] : undefined;
  if (!ofList) throw runtimeFailure(`Unknown method ${method}`);
  if (!isList(receiver)) throw runtimeFailure(`Method ${method} requires an array`);
  assertArity(method, ofList, args);
  const { result, receiver: changed } = ofList.run(receiver, args);
  return { result, receiver: changed === undefined ? receiver : bounded(changed) };
};

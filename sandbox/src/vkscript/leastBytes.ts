import { isList, isRecord, type Value } from './values';

/**
 * Length that the JSON of a value has at least. A value that holds another one many times over (as
 * `a = [a, a];` in a loop makes them) is measured in the time of one, where writing it out would never
 * end.
 */
export const leastBytes = (value: Value, known = new WeakMap<object, number>()): number => {
  if (typeof value === 'string') return value.length + 2;
  if (!isList(value) && !isRecord(value)) return 1;
  const before = known.get(value);
  if (before !== undefined) return before;
  // A bracket or a comma before each item, and the bracket at the end.
  let bytes = 1;
  if (isList(value)) for (const item of value) bytes += 1 + leastBytes(item, known);
  else {
    for (const name of Object.keys(value)) {
      bytes += name.length + 4 + leastBytes(value[name] ?? null, known);
    }
  }
  known.set(value, bytes);
  return bytes;
};

import type { Machine } from './machine';
import type { Expression } from './syntax';
import { getField, toText, withField, withoutField, type Value } from './values';

/** Where a value lies: a variable, or a field of a field … of one. */
export interface Place {
  variable: string;
  keys: readonly string[];
}

/** The place that an expression names, each key computed once; null when it names a mere value. */
export const findPlace = (
  machine: Machine,
  expression: Expression,
  evaluate: (machine: Machine, key: Expression) => Value,
): Place | null => {
  const keys: Expression[] = [];
  let base = expression;
  while (base.kind === 'field') {
    machine.countOperation();
    keys.unshift(base.key);
    base = base.of;
  }
  if (base.kind !== 'variable') return null;
  return { variable: base.name, keys: keys.map((key) => toText(evaluate(machine, key))) };
};

export const readPlace = ({ variables }: Machine, { variable, keys }: Place): Value =>
  keys.reduce<Value>((value, key) => getField(value, key), variables.get(variable) ?? null);

/** The same value with one field of a field … changed; all that leads to it is made anew. */
const changed = (
  value: Value,
  [key, ...rest]: readonly [string, ...string[]],
  change: (holder: Value, key: string) => Value,
): Value => {
  const [next, ...deeper] = rest;
  if (next === undefined) return change(value, key);
  return withField(value, key, changed(getField(value, key), [next, ...deeper], change));
};

const changePlace = (
  { variables }: Machine,
  variable: string,
  keys: readonly [string, ...string[]],
  change: (holder: Value, key: string) => Value,
): void => {
  variables.set(variable, changed(variables.get(variable) ?? null, keys, change));
};

/** @throws VkFailure 13 when what holds the place has no fields */
export const writePlace = (machine: Machine, { variable, keys }: Place, value: Value): void => {
  const [key, ...rest] = keys;
  if (key === undefined) machine.variables.set(variable, value);
  else
    changePlace(machine, variable, [key, ...rest], (holder, name) =>
      withField(holder, name, value),
    );
};

/** @throws VkFailure 13 when what holds the place has no fields */
export const deletePlace = (machine: Machine, { variable, keys }: Place): void => {
  const [key, ...rest] = keys;
  if (key === undefined) machine.variables.set(variable, null);
  else changePlace(machine, variable, [key, ...rest], withoutField);
};

import { runtimeFailure } from './failures';
import type { BinaryOperator } from './syntax';
import { bounded, findNumber, getNumber, isList, isRecord, toText, type Value } from './values';

const isContainer = (value: Value): boolean => isList(value) || isRecord(value);

const incomparable = () => runtimeFailure('Comparing values of different or unsupported types');

/** Joins lists, merges objects, joins texts and adds numbers; nothing added to a list is nothing. */
const add = (left: Value, right: Value): Value => {
  if (isList(left) && isList(right)) return bounded([...left, ...right]);
  if (isRecord(left) && isRecord(right)) return { ...left, ...right };
  if (isContainer(left) && right === null) return left;
  if (left === null && isContainer(right)) return right;
  const isText = [left, right].some((value) => typeof value === 'string' || isContainer(value));
  if (isText) return bounded(toText(left) + toText(right));
  return getNumber(left) + getNumber(right);
};

/** @throws VkFailure 13 for lists and objects, which VK does not compare */
export const isEqual = (left: Value, right: Value): boolean => {
  if (left === null || right === null) return left === right;
  if (isContainer(left) || isContainer(right)) throw incomparable();
  const numbers = [findNumber(left), findNumber(right)];
  if (typeof left === typeof right || numbers.includes(null)) return toText(left) === toText(right);
  return numbers[0] === numbers[1];
};

/** Below 0, 0 or above 0. Two texts are compared as texts, everything else as numbers. */
const compare = (left: Value, right: Value): number => {
  if (typeof left === 'string' && typeof right === 'string') {
    return Number(left > right) - Number(left < right);
  }
  const leftNumber = findNumber(left);
  const rightNumber = findNumber(right);
  if (leftNumber === null || rightNumber === null) throw incomparable();
  return leftNumber - rightNumber;
};

const divisor = (value: Value): number => {
  const number = getNumber(value);
  if (number === 0) throw runtimeFailure('Division by zero');
  return number;
};

const OPERATORS: Readonly<Record<BinaryOperator, (left: Value, right: Value) => Value>> = {
  '+': add,
  '-': (left, right) => getNumber(left) - getNumber(right),
  '*': (left, right) => getNumber(left) * getNumber(right),
  '/': (left, right) => getNumber(left) / divisor(right),
  '%': (left, right) => getNumber(left) % divisor(right),
  '==': isEqual,
  '!=': (left, right) => !isEqual(left, right),
  '<': (left, right) => compare(left, right) < 0,
  '<=': (left, right) => compare(left, right) <= 0,
  '>': (left, right) => compare(left, right) > 0,
  '>=': (left, right) => compare(left, right) >= 0,
};

/** @throws VkFailure 13 for values that the operator does not take */
export const applyOperator = (operator: BinaryOperator, left: Value, right: Value): Value =>
  OPERATORS[operator](left, right);

/** The number at the start of a text; 0 where there is none, which is what missing `Args` give. */
export const parseTo = (to: 'parseInt' | 'parseDouble', value: Value): number => {
  const text = toText(value);
  const number = to === 'parseInt' ? Number.parseInt(text, 10) : Number.parseFloat(text);
  return Number.isFinite(number) ? number : 0;
};

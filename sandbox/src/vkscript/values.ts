import { runtimeFailure, tooBigFailure } from './failures';

/** Part of ECMAScript that TypeScript's libraries do not declare yet. */
declare global {
  interface JSON {
    isRawJSON(value: unknown): value is { rawJSON: string };
  }
}

/** What a variable holds. Values never change: a change makes a new one, and nobody else sees it. */
export type Value =
  null | boolean | number | string | readonly Value[] | { readonly [name: string]: Value };

export type ListValue = readonly Value[];
export type RecordValue = Readonly<Record<string, Value>>;

/** No longer text or list could be part of an answer that keeps VK's limit of 5 MB. */
const LENGTH_MAX = 5 * 1024 * 1024;

export const isList = (value: Value): value is ListValue => Array.isArray(value);

export const isRecord = (value: Value): value is RecordValue =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** @throws VkFailure 13 for a text or list that has grown beyond every limit */
export const bounded = <T extends string | ListValue>(value: T): T => {
  if (value.length > LENGTH_MAX) throw tooBigFailure();
  return value;
};

/** Empty texts, lists and objects are false, as in the language that VK's servers speak. */
export const isTrue = (value: Value): boolean => {
  if (isList(value)) return value.length > 0;
  return isRecord(value) ? Object.keys(value).length > 0 : Boolean(value);
};

export const toText = (value: Value): string => {
  if (value === null || value === false) return '';
  if (value === true) return '1';
  if (isList(value)) return bounded(value.map((item) => toText(item)).join(','));
  return isRecord(value) ? toText(Object.values(value)) : String(value);
};

/** The number that a value stands for, or null when it is none. */
export const findNumber = (value: Value): number | null => {
  if (typeof value === 'number') return value;
  if (value === null || typeof value === 'boolean') return Number(value);
  if (typeof value !== 'string' || value.trim() === '') return null;
  const number = Number(value);
  return Number.isNaN(number) ? null : number;
};

/** @throws VkFailure 13 when it is none */
export const getNumber = (value: Value): number => {
  const number = findNumber(value);
  if (number === null) throw runtimeFailure('Numeric value is expected');
  return number;
};

const isIndexOf = (list: ListValue, key: string): boolean =>
  /^(?:0|[1-9]\d{0,15})$/.test(key) && Number(key) < list.length;

/** Integers of a reply that leave as `10.0` are plain numbers to the code that reads them. */
const readRaw = (value: Value | undefined): Value => {
  if (value === undefined) return null;
  return JSON.isRawJSON(value) ? Number(value.rawJSON) : value;
};

/** A field, an element or a length; null where there is none, and of everything that has no fields. */
export const getField = (value: Value, key: string): Value => {
  if (typeof value === 'string') return key === 'length' ? value.length : null;
  if (isList(value)) {
    if (key === 'length') return value.length;
    return isIndexOf(value, key) ? readRaw(value[Number(key)]) : null;
  }
  if (!isRecord(value)) return null;
  if (Object.hasOwn(value, key)) return readRaw(value[key]);
  return key === 'length' ? Object.keys(value).length : null;
};

/** @throws VkFailure 13 for a value that has no fields, or an element beyond the end of a list */
export const withField = (value: Value, key: string, field: Value): Value => {
  if (isRecord(value)) return { ...value, [key]: field };
  if (!isList(value)) throw runtimeFailure(`setting field [${key}] on not array variable`);
  if (Number(key) === value.length) return bounded([...value, field]);
  if (isIndexOf(value, key)) return value.with(Number(key), field);
  // A list with names for keys is an object.
  return { ...Object.fromEntries(value.entries()), [key]: field };
};

/** @throws VkFailure 13 for a value that has no fields */
export const withoutField = (value: Value, key: string): Value => {
  if (isList(value)) return isIndexOf(value, key) ? value.toSpliced(Number(key), 1) : value;
  if (!isRecord(value)) throw runtimeFailure(`deleting field [${key}] on not array variable`);
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
};

import { VkFailure } from './errors';

/** Parameters of one call as they came: strings, whatever they stand for. */
export type RawParams = ReadonlyMap<string, string>;

interface IntBounds {
  min?: number;
  max?: number;
}

/** Reads the parameters of one call the way VK does; each reader throws VkFailure 100. */
export interface CallParams {
  /** The default stands for a parameter that is missing or empty. */
  int(name: string, fallback: number, bounds?: IntBounds): number;
  requireInt(name: string, bounds?: IntBounds): number;
  flag(name: string): boolean;
  text(name: string): string;
  requireText(name: string): string;
  /** A comma list, without its empty entries. */
  list(name: string): string[];
}

const parseInteger = (name: string, value: string, { min, max }: IntBounds): number => {
  if (!/^-?\d{1,16}$/.test(value)) throw new VkFailure(100, `${name} not integer`);
  const number = Number(value);
  if (min !== undefined && number < min) {
    throw new VkFailure(100, min === 0 ? `${name} not positive` : `${name} should be >= ${min}`);
  }
  if (max !== undefined && number > max) {
    throw new VkFailure(100, `${name} should be less or equal to ${max}`);
  }
  return number;
};

export const createCallParams = (raw: RawParams): CallParams => {
  const text = (name: string): string => raw.get(name)?.trim() ?? '';
  const requireText = (name: string): string => {
    const value = text(name);
    if (value === '') throw new VkFailure(100, `${name} is undefined`);
    return value;
  };
  return {
    text,
    requireText,
    int: (name, fallback, bounds = {}) => {
      const value = text(name);
      return value === '' ? fallback : parseInteger(name, value, bounds);
    },
    requireInt: (name, bounds = {}) => parseInteger(name, requireText(name), bounds),
    flag: (name) => !['', '0', 'false'].includes(text(name)),
    list: (name) =>
      text(name)
        .split(',')
        .map((entry) => entry.trim())
        .filter((entry) => entry !== ''),
  };
};

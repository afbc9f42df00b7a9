import { expect } from 'bun:test';

/** The named fields, compared as `toEqual` does: `toMatchObject` takes any two times for equal. */
export const expectFields = (actual: object, expected: Record<string, unknown>): void => {
  const fields = Object.entries(actual).filter(([name]) => name in expected);
  expect(Object.fromEntries(fields)).toEqual(expected);
};

import { expect, test } from 'bun:test';
import { DEFAULT_SWITCHES, SWITCHES } from './switches';

test('a switch has at least two values, and the first one is its default', () => {
  const switches: [string, readonly unknown[]][] = Object.entries(SWITCHES);
  for (const [name, values] of switches) {
    expect(new Set(values).size).toBeGreaterThan(1);
    expect(DEFAULT_SWITCHES).toHaveProperty(name, values[0]);
  }
});

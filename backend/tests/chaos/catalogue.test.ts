import { expect, test } from 'bun:test';
import { join } from 'node:path';
import { CATALOGUE, SHOWN_ELSEWHERE } from './catalogue';

const BACKEND = join(__dirname, '../..');

test('at least 30 faults have a name, each a name and an id of its own', () => {
  expect(CATALOGUE.length).toBeGreaterThanOrEqual(30);
  expect(new Set(CATALOGUE.map(({ id }) => id)).size).toBe(CATALOGUE.length);
  expect(new Set(CATALOGUE.map(({ name }) => name)).size).toBe(CATALOGUE.length);
});

test.each(SHOWN_ELSEWHERE.map((fault) => [`${fault.id}: ${fault.name}`, fault] as const))(
  '%s, is shown where the catalogue says',
  async (_name, { file, test }) => {
    expect(await Bun.file(join(BACKEND, file)).text()).toContain(test);
  },
);

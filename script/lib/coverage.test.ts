import { expect, test } from 'bun:test';
import { readLineCoverage } from './coverage';

/** As Bun writes it: each line of a file with the number of times that it ran. */
const lcov = (files: Record<string, number[]>): string =>
  Object.entries(files)
    .flatMap(([file, lines]) => [
      'TN:',
      `SF:${file}`,
      ...lines.map((hits, index) => `DA:${index + 1},${hits}`),
      `LF:${lines.length}`,
      `LH:${lines.filter((hits) => hits > 0).length}`,
      'end_of_record',
    ])
    .join('\n');

test('files count by their lines, and only those of the folder', () => {
  const report = lcov({
    'backend/src/a.ts': [1, 8, 0],
    'backend/src/b.ts': [0],
    'backend2/src/c.ts': [0, 0, 0, 0],
  });
  expect(readLineCoverage([report], 'backend')).toBe(2 / 4);
});

test('a line that ran in any of the runs is covered, and counts once', () => {
  const one = lcov({ 'backend/a.ts': [3, 0, 0, 0] });
  const other = lcov({ 'backend/a.ts': [1, 1, 0, 0], 'backend/b.ts': [1] });
  expect(readLineCoverage([one, other], 'backend')).toBe(3 / 5);
});

test('a folder of which nothing ran is not covered', () => {
  expect(readLineCoverage([lcov({ 'backend/a.ts': [1] })], 'sandbox')).toBe(0);
  expect(readLineCoverage([''], 'backend')).toBe(0);
});

import { expect, test } from 'bun:test';
import { readLineCoverage } from './coverage';

const LCOV = `TN:
SF:backend/src/a.ts
DA:1,1
LF:30
LH:27
end_of_record
SF:backend/src/b.ts
LF:10
LH:1
end_of_record
SF:backend2/src/c.ts
LF:100
LH:0
end_of_record`;

test('files count by their lines, and only those of the folder', () => {
  expect(readLineCoverage(LCOV, 'backend')).toBe(28 / 40);
});

test('a folder of which nothing ran is not covered', () => {
  expect(readLineCoverage(LCOV, 'sandbox')).toBe(0);
  expect(readLineCoverage('', 'backend')).toBe(0);
});

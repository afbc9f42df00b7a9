import { expect, test } from 'bun:test';
import { countReport, formatCount, sum } from './count';

const report = (attributes: string): string =>
  `<?xml version="1.0"?>\n<testsuites name="bun test" ${attributes} time="0.1">\n` +
  `  <testsuite name="a.test.ts" tests="99" failures="99">\n</testsuites>`;

test('the whole run is counted, and a skipped test as neither', () => {
  const count = countReport(report('tests="5" assertions="9" failures="1" skipped="1"'), 1);
  expect(count).toEqual({ passed: 3, failed: 1 });
});

test('a run that crashed before its report is one failure', () => {
  expect(countReport(null, 139)).toEqual({ passed: 0, failed: 1 });
  expect(countReport('', 0)).toEqual({ passed: 0, failed: 1 });
});

test('a run that failed outside of its tests is one failure', () => {
  const count = countReport(report('tests="2" failures="0" skipped="0"'), 1);
  expect(count).toEqual({ passed: 2, failed: 1 });
});

test('the last line adds everything up', () => {
  const count = sum([
    { passed: 2, failed: 0 },
    { passed: 3, failed: 1 },
  ]);
  expect(formatCount(count)).toBe('5 passed, 1 failed');
});

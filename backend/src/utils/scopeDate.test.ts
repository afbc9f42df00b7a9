import { expect, test } from 'bun:test';
import { parseScopeDate, type ScopeEdge } from './scopeDate';

const NOW = new Date('2026-11-22T12:00:00.000Z');

test.each<[string, ScopeEdge, string]>([
  ['2026-01-31', 'since', '2026-01-31T00:00:00.000Z'],
  ['2026-01-31', 'until', '2026-01-31T23:59:59.999Z'],
  ['2024-02-29', 'since', '2024-02-29T00:00:00.000Z'],
  ['2026-01-31T10:20', 'since', '2026-01-31T10:20:00.000Z'],
  ['2026-01-31 10:20:30', 'until', '2026-01-31T10:20:30.000Z'],
  ['2026-01-31T10:20:30.5Z', 'until', '2026-01-31T10:20:30.500Z'],
  ['2026-01-31T02:00+03:00', 'since', '2026-01-30T23:00:00.000Z'],
  ['9999-12-31', 'until', '9999-12-31T23:59:59.999Z'],
  ['30d', 'since', '2026-10-23T12:00:00.000Z'],
  ['12h', 'until', '2026-11-22T00:00:00.000Z'],
])('%s as %s is %s', (text, edge, expected) => {
  expect(parseScopeDate(text, edge, NOW)?.toISOString()).toBe(expected);
});

test.each([
  '',
  'yesterday',
  '2026',
  '2026-02-30',
  '2026-13-01',
  '2026-1-1',
  '0000-01-01',
  '01.02.2026',
  '9999-12-31T23:00-02:00',
  '+275760-09-13',
  '2026-01-31T25:00',
  '2026-01-31T10:00+30:00',
  '30',
  '30m',
  '-30d',
  '1e3d',
  '999999d',
  '2026-01-31\n',
  '1700000000',
])('%p is no date', (text) => {
  expect(parseScopeDate(text, 'since', NOW)).toBeNull();
});

import { describe, expect, test } from 'bun:test';
import type { QuotaRow } from '../../repositories/vkQuotaRepository';
import { forecastQuota } from './quotaForecast';
import type { QuotaBucket } from './quotaWindow';

const HOUR_MS = 3_600_000;
const NOW = new Date('2026-01-01T12:30:00Z');
const CAPS = { 'wall.get': 100 };

/** Calls of the hour that began so many hours before the current one, which is half over. */
const bucket = (hoursAgo: number, calls: number): QuotaBucket => ({
  calls,
  leavesInMs: (24.5 - hoursAgo) * HOUR_MS,
});
const rowOf = (buckets: QuotaBucket[], fields: Partial<QuotaRow> = {}): QuotaRow => ({
  tokenId: 1,
  fingerprint: 'f',
  last4: 'abcd',
  tokenKind: 'user',
  method: 'wall.get',
  buckets,
  learnedCap: null,
  restLeftMs: null,
  now: NOW,
  ...fields,
});
const inHours = (hours: number): Date => new Date(+NOW + hours * HOUR_MS);

describe('the forecast of a quota', () => {
  test('of a method without a known limit tells what was used, and no end', () => {
    const row = rowOf([bucket(0, 7), bucket(5, 3)], { method: 'wall.getComments' });
    expect(forecastQuota(row, CAPS)).toEqual({
      used: 10,
      cap: null,
      capSource: null,
      left: null,
      perHour: 7,
      exhaustedAt: null,
      restingUntil: null,
    });
  });

  test('counts of the hour before what is less than 60 minutes old, were it spread evenly', () => {
    const row = rowOf([bucket(0, 10), bucket(1, 20), bucket(2, 40)]);
    expect(forecastQuota(row, CAPS).perHour).toBe(10 + 10);
  });

  test('names the moment at which this pace reaches the cap', () => {
    expect(forecastQuota(rowOf([bucket(0, 20)]), CAPS)).toMatchObject({
      left: 80,
      cap: 100,
      capSource: 'setting',
      exhaustedAt: inHours(4),
    });
  });

  test('takes into account what leaves the window meanwhile', () => {
    // 60 leave in half an hour: 30 + 10 · t reaches 100 after seven hours.
    const row = rowOf([bucket(0, 10), bucket(3, 20), bucket(24, 60)]);
    expect(forecastQuota(row, CAPS)).toMatchObject({ used: 90, exhaustedAt: inHours(7) });
  });

  test('has no end within a day where as much leaves as is added', () => {
    const steady = Array.from({ length: 25 }, (_, hoursAgo) => bucket(hoursAgo, hoursAgo ? 4 : 2));
    expect(forecastQuota(rowOf(steady), { 'wall.get': 101 })).toMatchObject({
      used: 98,
      exhaustedAt: null,
    });
    expect(forecastQuota(rowOf([bucket(0, 3)]), CAPS).exhaustedAt).toBeNull();
    expect(forecastQuota(rowOf([bucket(9, 50)]), CAPS).exhaustedAt).toBeNull();
  });

  test('of a cap that is reached is now, and the rest lasts until enough hours left', () => {
    const row = rowOf([bucket(1, 60), bucket(20, 30), bucket(23, 30)]);
    expect(forecastQuota(row, CAPS)).toMatchObject({
      used: 120,
      left: 0,
      exhaustedAt: NOW,
      restingUntil: inHours(1.5),
    });
    const exactly = rowOf([bucket(1, 70), bucket(20, 30), bucket(23, 30)]);
    expect(forecastQuota(exactly, CAPS).restingUntil).toEqual(inHours(4.5));
  });

  test('goes by the lower of the set and the learned cap', () => {
    const row = rowOf([bucket(0, 20)], { learnedCap: 40, restLeftMs: HOUR_MS });
    expect(forecastQuota(row, CAPS)).toMatchObject({
      cap: 40,
      capSource: 'learned',
      left: 20,
      exhaustedAt: inHours(1),
      restingUntil: inHours(1),
    });
    const higher = rowOf([], { learnedCap: 400 });
    expect(forecastQuota(higher, CAPS)).toMatchObject({ cap: 100, capSource: 'setting' });
  });

  test('a learned cap that is reached holds no longer than its rest', () => {
    const row = rowOf([bucket(1, 60)], { learnedCap: 50 });
    expect(forecastQuota(row, CAPS)).toMatchObject({ left: 0, restingUntil: null });
  });
});

import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { createSlidingWindow } from './slidingWindow';

test('one more than the limit within a second is turned away, and told how many that were', () => {
  const window = createSlidingWindow(1_000);
  const admit = (at: number) => window.admit(at, 3);
  expect([0, 10, 20].map((at) => admit(at).isAdmitted)).toEqual([true, true, true]);
  expect(admit(999)).toEqual({ isAdmitted: false, countInWindow: 4 });
  expect(admit(1_000)).toEqual({ isAdmitted: true, countInWindow: 3 });
  expect(admit(1_005).isAdmitted).toBe(false);
});

test('no window holds more than the limit, in whatever order the moments come', () => {
  const moments = fc.array(fc.integer({ min: 0, max: 900 }), { maxLength: 60 });
  fc.assert(
    fc.property(moments, fc.integer({ min: 1, max: 5 }), (ats, limit) => {
      const window = createSlidingWindow(100);
      // Out of order, but by no more than a window.
      const arrivals = ats.toSorted((one, other) => one - other + (one % 3) * 20);
      const admitted = arrivals.filter((at) => window.admit(at, limit).isAdmitted);
      for (const end of admitted) {
        const inWindow = admitted.filter((at) => at > end - 100 && at <= end);
        expect(inWindow.length).toBeLessThanOrEqual(limit);
      }
    }),
  );
});

import { describe, expect, test } from 'bun:test';
import { eventually } from '../../tests/support/eventually';
import { linesOf } from '../../tests/support/logLines';
import { createLogger } from '../utils/logger';
import { createSweepService } from './sweepService';
import type { TargetHint } from './targetHint';

const hint = (targetId: number): TargetHint => ({ targetId, epoch: 0, priority: 5 });

interface Ends {
  listDue: () => Promise<TargetHint[]>;
  addHints?: (hints: TargetHint[]) => Promise<void>;
}

/** A sweep every millisecond between a list of what is due and a dispatcher that notes it. */
const startSweep = ({ listDue, addHints }: Ends) => {
  const { destination, lines } = linesOf();
  const told: TargetHint[][] = [];
  const sweep = createSweepService({
    targetRepository: { listDue },
    targetQueue: {
      addHints: async (hints) => {
        told.push(hints);
        await addHints?.(hints);
      },
    },
    logger: createLogger({ level: 'debug', format: 'json', destination }),
    everyMs: 1,
  });
  sweep.start();
  return { sweep, told, lines };
};

describe('a sweep', () => {
  test('tells of what is due, at once and again as long as it is', async () => {
    const { sweep, told, lines } = startSweep({
      listDue: () => Promise.resolve([hint(1), hint(2)]),
    });
    await eventually(() => told.length >= 3 || null, { what: 'three sweeps' });
    await sweep.stop();
    expect(told[0]).toEqual([hint(1), hint(2)]);
    expect(lines()).toEqual([]);
  });

  test('says nothing to the queue when nothing is due', async () => {
    let looks = 0;
    const { sweep, told } = startSweep({
      listDue: () => {
        looks += 1;
        return Promise.resolve([]);
      },
    });
    await eventually(() => looks >= 3 || null, { what: 'three looks' });
    await sweep.stop();
    expect(told).toEqual([]);
  });

  test('that fails is told in the log, and the next one goes on', async () => {
    let failures = 0;
    const fail = (): void => {
      failures += 1;
      if (failures <= 2) throw new Error(`failure ${failures}`);
    };
    const { sweep, told, lines } = startSweep({
      listDue: async () => {
        if (failures === 0) fail();
        return [hint(1)];
      },
      addHints: async () => fail(),
    });
    await eventually(() => told.length >= 2 || null, { what: 'a sweep after two that failed' });
    await sweep.stop();
    expect(lines()).toMatchObject([{ message: 'sweep failed' }, { message: 'sweep failed' }]);
  });

  test('never runs beside another, and has ended when it was stopped', async () => {
    const gates: (() => void)[] = [];
    let isDone = false;
    const { sweep } = startSweep({
      listDue: async () => {
        await new Promise<void>((resolve) => gates.push(resolve));
        isDone = true;
        return [];
      },
    });
    // Many intervals pass while the first sweep waits.
    await Bun.sleep(20);
    expect(gates).toHaveLength(1);
    const stopped = sweep.stop();
    gates[0]?.();
    await stopped;
    expect(isDone).toBe(true);
    await Bun.sleep(5);
    expect(gates).toHaveLength(1);
  });
});

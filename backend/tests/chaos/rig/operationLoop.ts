import { expect } from 'bun:test';
import { expectIntact, waitForEnd } from './judge';
import type { Lane } from './lane';
import type { Lanes } from './lanes';
import type { Deed } from './traps';
import type { Phase } from './operations';

/**
 * The seams between two of which a process may die: permits, requests to VK, every statement of a
 * claim, a page and an end, the job's completion. Not the sweep (`SELECT targets`), which goes on
 * all the time beside them.
 */
export const SEAMS =
  '^(vk |redis stenograf|redis moveToFinished|pg (BEGIN|COMMIT|INSERT|UPDATE|SELECT (?!targets)))';

type Harm = Extract<Deed, 'kill' | 'cut' | 'terminate'>;

/** One place of a run: before or after the n-th operation of a name. */
export interface Place {
  operation: string;
  nth: number;
  phase: Phase;
}

const collectTiny = async (lane: Lane): Promise<void> => {
  await waitForEnd(lane, await lane.createJob('tiny'));
};

/** Before and after each operation that an undisturbed run of a tiny wall has at these seams. */
export const listPlaces = async (lane: Lane): Promise<Place[]> => {
  const [worker] = await lane.workers(1);
  if (!worker) return [];
  // What is asked once a process only is not there when a run comes to harm.
  await collectTiny(lane);
  await worker.arm({ on: '^$', nth: 1, phase: 'before', deed: 'tell' });
  await collectTiny(lane);
  const seams = new RegExp(SEAMS);
  const times = new Map<string, number>();
  return (await worker.operations())
    .filter((operation) => seams.test(operation))
    .flatMap((operation): Place[] => {
      const nth = (times.get(operation) ?? 0) + 1;
      times.set(operation, nth);
      return [
        { operation, nth, phase: 'before' },
        { operation, nth, phase: 'after' },
      ];
    });
};

/**
 * A run for each place. @returns how many workers came to harm.
 * @throws naming every place after which something was wrong.
 */
export const harmAtAll = async (
  lanes: Lanes,
  places: readonly Place[],
  deed: Harm,
): Promise<number> => {
  const runs = await Promise.allSettled(
    places.map((place) => lanes.use((lane) => harmAt(lane, place, deed))),
  );
  const failures = runs.flatMap((run) => (run.status === 'rejected' ? [run.reason as Error] : []));
  if (failures.length > 0) throw new AggregateError(failures, failures.map(String).join('; '));
  return runs.filter((run) => run.status === 'fulfilled' && run.value).length;
};

/**
 * A run whose worker comes to harm at one place; a new one has to finish it.
 * @returns false when the run ended before it came to that.
 */
const harmAt = async (
  lane: Lane,
  { operation, nth, phase }: Place,
  deed: Harm,
): Promise<boolean> => {
  const [worker] = await lane.workers(1);
  lane.collecting.sandbox.resetStats();
  await worker?.arm({ on: `^${RegExp.escape(operation)}$`, nth, phase, deed });
  const job = await lane.createJob('tiny');
  const struck = worker?.sprung().then(
    () => true,
    () => false,
  );
  const ended = waitForEnd(lane, job).then(
    () => false,
    () => false,
  );
  const isStruck = (await Promise.race([struck, ended])) ?? false;
  if (isStruck && deed !== 'cut') {
    const exitCode = await worker?.exited;
    if (deed === 'terminate') expect(exitCode).toBe(0);
    await lane.workers(1);
  }
  try {
    await expectIntact(lane, job);
  } catch (cause) {
    throw new Error(`${deed} ${phase} ${operation}, number ${nth}`, { cause });
  }
  return isStruck;
};

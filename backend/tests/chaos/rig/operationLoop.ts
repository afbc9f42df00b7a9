import { expectIntact, waitForEnd } from './judge';
import type { Lane } from './lane';
import type { Deed, Trap } from './traps';
import type { Phase } from './operations';

/**
 * The seams between two of which a process may die: permits, requests to VK, every statement of a
 * claim, a page and an end, the job's completion. Not the sweep (`SELECT targets`), which goes on
 * all the time beside them.
 */
export const SEAMS =
  '^(vk |redis stenograf|redis moveToFinished|pg (BEGIN|COMMIT|INSERT|UPDATE|SELECT (?!targets)))';

/** One place of a run. */
export interface Place {
  nth: number;
  phase: Phase;
}

/** How many operations an undisturbed run of a tiny wall has at these seams. */
export const countOperations = async (lane: Lane): Promise<number> => {
  const [worker] = await lane.workers(1);
  if (!worker) return 0;
  const never: Trap = { on: '^$', nth: 1, phase: 'before', deed: 'tell' };
  await worker.arm(never);
  const job = await lane.createJob('tiny');
  await waitForEnd(lane, job);
  const seams = new RegExp(SEAMS);
  return (await worker.operations()).filter((operation) => seams.test(operation)).length;
};

/** Before and after each operation of a run. */
export const placesOf = (operations: number): Place[] =>
  Array.from({ length: operations }, (_, index) => index + 1).flatMap((nth): Place[] => [
    { nth, phase: 'before' },
    { nth, phase: 'after' },
  ]);

/**
 * A run whose worker comes to harm at its n-th operation; a new one has to finish it.
 * @returns the operation, or null when the run ended before it came to that.
 */
export const harmAt = async (
  lane: Lane,
  { nth, phase }: Place,
  deed: Extract<Deed, 'kill' | 'cut'>,
): Promise<string | null> => {
  const [worker] = await lane.workers(1);
  lane.collecting.sandbox.resetStats();
  await worker?.arm({ on: SEAMS, nth, phase, deed });
  const job = await lane.createJob('tiny');
  const sprung = worker?.sprung(60_000).catch(() => null) ?? null;
  const ended = waitForEnd(lane, job, 60_000).then(
    () => null,
    () => null,
  );
  const operation = await Promise.race([sprung, ended]);
  if (operation !== null && deed === 'kill') {
    await worker?.exited;
    await lane.workers(1);
  }
  try {
    await expectIntact(lane, job);
  } catch (cause) {
    throw new Error(`${deed} ${phase} operation ${nth}, ${operation}`, { cause });
  }
  return operation;
};

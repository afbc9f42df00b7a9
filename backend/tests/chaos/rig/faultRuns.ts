import type { Lanes } from './lanes';
import type { NamedFault } from './namedFault';

/** Longer than all runs that may come before it on the lanes; each bounds its own waits. */
export const QUEUE_MS_MAX = 1_200_000;

/** As `test.each` takes them, by the name under which one is run alone: `-t 'F08:'`. */
export const runsOf = (
  faults: readonly NamedFault[],
  lanes: Lanes,
): [name: string, run: () => Promise<void>][] =>
  faults.map(({ id, name, run, ways }) => [`${id}: ${name}`, () => lanes.use(run, ways)]);

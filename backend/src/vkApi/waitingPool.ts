export interface Waiting {
  readonly groupKey: string;
  /** Lower ranks are served before higher ones. */
  readonly rank: number;
}

export interface WaitingPool<T extends Waiting> {
  /** Puts an item at the end of its group's line. */
  add: (item: T) => void;
  remove: (item: T) => void;
  /**
   * Takes up to `max` items that `accepts` admits beside those already taken: by rank, and within
   * a rank one from each group in turn, going on where the last taking stopped.
   */
  take: (max: number, accepts: (item: T, taken: readonly T[]) => boolean) => T[];
  some: (predicate: (item: T) => boolean) => boolean;
  items: () => T[];
}

export const createWaitingPool = <T extends Waiting>(): WaitingPool<T> => {
  /** Rank → group → line. The order of the groups in the map is the order of their turns. */
  const ranks = new Map<number, Map<string, T[]>>();

  const items = (): T[] => [...ranks.values()].flatMap((groups) => [...groups.values()].flat());

  const add = (item: T): void => {
    const groups = ranks.get(item.rank) ?? new Map<string, T[]>();
    ranks.set(item.rank, groups);
    const line = groups.get(item.groupKey);
    if (line) line.push(item);
    else groups.set(item.groupKey, [item]);
  };

  const remove = (item: T): void => {
    const groups = ranks.get(item.rank);
    const line = groups?.get(item.groupKey);
    const index = line?.indexOf(item) ?? -1;
    if (!groups || !line || index < 0) return;
    line.splice(index, 1);
    if (line.length === 0) groups.delete(item.groupKey);
    if (groups.size === 0) ranks.delete(item.rank);
  };

  const take: WaitingPool<T>['take'] = (max, accepts) => {
    const taken: T[] = [];
    for (const [rank, groups] of [...ranks].sort(([a], [b]) => a - b)) {
      while (taken.length < max && takeRound(groups, taken, max, accepts) > 0);
      if (groups.size === 0) ranks.delete(rank);
    }
    return taken;
  };

  return { add, remove, take, items, some: (predicate) => items().some(predicate) };
};

/**
 * Takes one item from each group at most and returns how many; a group that was served goes to
 * the end of the turns.
 */
const takeRound = <T>(
  groups: Map<string, T[]>,
  taken: T[],
  max: number,
  accepts: (item: T, taken: readonly T[]) => boolean,
): number => {
  const before = taken.length;
  // A copy, since a served group is put behind the last one while this goes on.
  for (const [key, line] of Array.from(groups)) {
    if (taken.length >= max) break;
    const index = line.findIndex((item) => accepts(item, taken));
    if (index < 0) continue;
    taken.push(...line.splice(index, 1));
    groups.delete(key);
    if (line.length > 0) groups.set(key, line);
  }
  return taken.length - before;
};

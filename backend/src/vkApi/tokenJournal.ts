import type { Hold } from './token';

type Named = { readonly fingerprint: string };

export interface Note<V> extends Named {
  readonly method: string;
  readonly value: V;
}

/** The last note about each method of each token. */
export interface Notes<V> {
  set: (token: Named, method: string, value: V) => void;
  get: (token: Named, method: string) => V | undefined;
  drop: (token: Named, method: string) => void;
  all: () => Note<V>[];
  /** Drops what was told, except where something newer was noted meanwhile. */
  strike: (told: readonly Note<V>[]) => void;
}

export interface Sums {
  add: (token: Named, method: string, value: number) => void;
  get: (token: Named, method: string) => number;
  all: () => Note<number>[];
  /** Takes off what was told; what was added meanwhile stays. */
  strike: (told: readonly Note<number>[]) => void;
}

/** What happened to tokens in this process and was not told to the others yet. */
export interface TokenJournal {
  readonly holds: Notes<Hold>;
  /** When the requests were sent whose success ended a hold. */
  readonly served: Notes<number>;
  readonly learnedCaps: Notes<number | null>;
  /** Whether the token may pack, under the method `execute`. */
  readonly executes: Notes<boolean>;
  /** Calls made; below zero where more were taken back. */
  readonly spent: Sums;
}

const keyOf = ({ fingerprint }: Named, method: string): string => `${fingerprint} ${method}`;

const createNotes = <V>(onNews: () => void): Notes<V> => {
  const notes = new Map<string, Note<V>>();
  return {
    set: ({ fingerprint }, method, value) => {
      notes.set(keyOf({ fingerprint }, method), { fingerprint, method, value });
      onNews();
    },
    get: (token, method) => notes.get(keyOf(token, method))?.value,
    drop: (token, method) => void notes.delete(keyOf(token, method)),
    all: () => [...notes.values()],
    strike: (told) => {
      for (const note of told) {
        const key = keyOf(note, note.method);
        if (notes.get(key) === note) notes.delete(key);
      }
    },
  };
};

const createSums = (): Sums => {
  const sums = new Map<string, Note<number>>();
  const get: Sums['get'] = (token, method) => sums.get(keyOf(token, method))?.value ?? 0;
  const add: Sums['add'] = ({ fingerprint }, method, value) => {
    const sum = get({ fingerprint }, method) + value;
    const key = keyOf({ fingerprint }, method);
    if (sum === 0) sums.delete(key);
    else sums.set(key, { fingerprint, method, value: sum });
  };
  return {
    add,
    get,
    all: () => [...sums.values()],
    strike: (told) => {
      for (const note of told) add(note, note.method, -note.value);
    },
  };
};

/** @param onNews told of everything but calls made, which would be too often */
export const createTokenJournal = (onNews: () => void): TokenJournal => ({
  holds: createNotes(onNews),
  served: createNotes(onNews),
  learnedCaps: createNotes(onNews),
  executes: createNotes(onNews),
  spent: createSums(),
});

import { AppError } from '../errors';

export interface PlaceLimits {
  /** What is open at once, in the plural, for the sentence that refuses. */
  what: string;
  /** Of this process. */
  all: number;
  /** Of each holder, so that nobody takes the places of everybody. */
  own: number;
}

/** So many at once, in all and for each holder: a key or a person. */
export interface Places {
  /**
   * @param holder null where nobody in particular asks: only the limit of all counts
   * @returns gives the place back; safe to repeat.
   * @throws AppError `too_many_requests`, which tells whose limit it is.
   */
  take(holder: string | null): () => void;
}

export const createPlaces = ({ what, all, own }: PlaceLimits): Places => {
  const taken = new Map<string | null, number>();
  let total = 0;

  const give = (holder: string | null): void => {
    total -= 1;
    const left = (taken.get(holder) ?? 0) - 1;
    if (left > 0) taken.set(holder, left);
    else taken.delete(holder);
  };

  return {
    take(holder) {
      const held = taken.get(holder) ?? 0;
      if (holder !== null && held >= own) {
        throw new AppError('too_many_requests', `You have ${own} ${what} open already.`);
      }
      if (total >= all) throw new AppError('too_many_requests', `${all} ${what} are open already.`);
      taken.set(holder, held + 1);
      total += 1;
      let isHeld = true;
      return () => {
        if (isHeld) give(holder);
        isHeld = false;
      };
    },
  };
};

import fc, { type Arbitrary } from 'fast-check';

/** How much of a request is as it should be. */
export type Manner = 'valid' | 'odd' | 'hostile';
export const WEIGHTS: Record<Manner, number> = { valid: 0, odd: 1, hostile: 4 };

export const mix = <T>(manner: Manner, valid: Arbitrary<T>, hostile: Arbitrary<T>): Arbitrary<T> =>
  fc.oneof({ weight: 6, arbitrary: valid }, { weight: WEIGHTS[manner], arbitrary: hostile });

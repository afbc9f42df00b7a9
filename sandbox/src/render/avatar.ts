/** Address of a picture of somebody (`u1`, `g1`), signed anew with every reply. */
export const avatar = (of: string, pixels: number | 'max', stamp: string): string =>
  `https://sun9-7.userapi.com/s/v1/${of}.jpg?size=${pixels}x0&ava=1&sign=${stamp}`;

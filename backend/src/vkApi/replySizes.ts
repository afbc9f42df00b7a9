/** VK's limit of an `execute` answer is 5 MB; a page may be larger than those before it. */
const PACK_BYTES_MAX = 4_500_000;
/** The part of our own limit that a pack may be expected to fill. */
const FILL = 0.9;
/** How much of what was expected stays when a smaller reply comes; a larger one counts at once. */
const MEMORY = 0.7;
const ENTRIES_MAX = 5_000;

interface Sized {
  readonly method: string;
  readonly groupKey: string;
}

export interface ReplySizes {
  learn: (call: Sized, reply: unknown) => void;
  /** Whether the answers to all these calls can be expected to fit into one. */
  fit: (calls: readonly Sized[]) => boolean;
}

/**
 * Expects of a call what earlier replies to the method had for size, in the same group if there
 * were any. Pages of walls with many attachments do not fit by 25 into one answer, and finding
 * that out anew with each pack would spend the calls of a daily quota on nothing.
 */
export const createReplySizes = (responseBytesMax: number): ReplySizes => {
  const bytesMax = Math.min(PACK_BYTES_MAX, responseBytesMax * FILL);
  const expected = new Map<string, number>();

  const remember = (key: string, bytes: number): void => {
    const before = expected.get(key) ?? 0;
    expected.delete(key);
    expected.set(key, Math.max(bytes, MEMORY * before + (1 - MEMORY) * bytes));
    const [oldest] = expected.keys();
    if (expected.size > ENTRIES_MAX && oldest !== undefined) expected.delete(oldest);
  };
  const expect = ({ method, groupKey }: Sized): number =>
    expected.get(`${method} ${groupKey}`) ?? expected.get(method) ?? 0;

  return {
    learn: ({ method, groupKey }, reply) => {
      const bytes = Buffer.byteLength(JSON.stringify(reply));
      remember(method, bytes);
      remember(`${method} ${groupKey}`, bytes);
    },
    fit: (calls) => calls.reduce((bytes, call) => bytes + expect(call), 0) <= bytesMax,
  };
};

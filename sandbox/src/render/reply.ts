import type { ShowText } from '../world/shownText';

/** What makes one reply differ from the next one about the same things. */
export interface ReplyStyle {
  /** Stands in all that VK signs anew on each call: media addresses, hashes, access keys. */
  stamp: string;
  /** VK sends a flag as 0/1 or as true/false, as it pleases. */
  flagsAreBooleans: boolean;
  /** The reader's language is not written in Cyrillic, so names are transliterated. */
  isLatin: boolean;
  /** What becomes of a text before it is shown. */
  show: ShowText;
}

/** The style of the n-th reply. */
export const createReplyStyle = (
  serial: number,
  { isLatin, show }: Pick<ReplyStyle, 'isLatin' | 'show'>,
): ReplyStyle => ({
  stamp: `${(Math.imul(serial + 1, 0x9e3779b1) >>> 0).toString(36)}x${serial.toString(36)}`,
  flagsAreBooleans: serial % 2 === 1,
  isLatin,
  show,
});

/** Typed as VK's schema has it; what leaves is 0/1 in one reply and true/false in the next. */
export const flag = (style: ReplyStyle, on: boolean): 0 | 1 => {
  if (style.flagsAreBooleans) return on as unknown as 0 | 1;
  return on ? 1 : 0;
};

/** The same noise for the fields that VK's schema calls boolean. */
export const bool = (style: ReplyStyle, on: boolean): boolean =>
  style.flagsAreBooleans ? on : (Number(on) as unknown as boolean);

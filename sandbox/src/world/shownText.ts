import type { Switches } from '../vk/switches';

export type ShowText = (text: string) => string;

// Tab, line feed and carriage return stay.
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/g;

const cut = (text: string, length: number): string => {
  if (text.length <= length) return text;
  const characters = Array.from(text);
  return characters.length <= length ? text : characters.slice(0, length).join('');
};

/** What VK makes of a text before it shows it, as far as the switches say. */
export const createShowText =
  ({
    controlCharacters,
    textLengthMax,
  }: Pick<Switches, 'controlCharacters' | 'textLengthMax'>): ShowText =>
  (text) => {
    const shown = controlCharacters === 'removed' ? text.replaceAll(CONTROL, '') : text;
    return textLengthMax === 0 ? shown : cut(shown, textLengthMax);
  };

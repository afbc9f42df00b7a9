/**
 * VK's tokens of today (`vk1.a.…`), the address that VK leads to with one, and its older keys of 56
 * to 85 hexadecimal digits. No name of a community is like any of them.
 */
const SHAPES = [/vk\d\.a\./i, /access_token(?:=|:|%3d)/i, /[0-9a-f]{56}/i];

/** Whether somebody put a VK token where something else was asked for. Linear in the text. */
export const holdsVkToken = (text: string): boolean => SHAPES.some((shape) => shape.test(text));

/** Part of ECMAScript that TypeScript's libraries do not declare yet. */
declare global {
  interface JSON {
    rawJSON(text: string): object;
  }
}

/**
 * An integer that leaves as `10.0`, as VK sends some of them. It is a number only once it has been
 * through JSON; the type says what the reader of the reply gets.
 */
export const floatInt = (value: number): number => JSON.rawJSON(`${value}.0`) as unknown as number;

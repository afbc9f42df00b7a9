import { Writable } from 'node:stream';

/** Somewhere for a logger to write to, and what it has written, line by line. */
export const linesOf = (): {
  destination: Writable;
  lines: () => Record<string, unknown>[];
} => {
  let text = '';
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  return {
    destination,
    lines: () =>
      text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Record<string, unknown>),
  };
};

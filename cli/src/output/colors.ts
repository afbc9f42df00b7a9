import pc from 'picocolors';

export type Colors = ReturnType<typeof pc.createColors>;

type Environment = Readonly<Record<string, string | undefined>>;

/** Colours for one stream; https://no-color.org and FORCE_COLOR are respected. */
export const createColors = (stream: { isTTY?: boolean }, env: Environment): Colors => {
  const { NO_COLOR, FORCE_COLOR, TERM } = env;
  if (NO_COLOR) return pc.createColors(false);
  if (FORCE_COLOR) return pc.createColors(FORCE_COLOR !== '0');
  return pc.createColors(stream.isTTY === true && TERM !== 'dumb');
};

/** What serves, and one request to it. */
export interface Served {
  pid: number;
  send(): Promise<Response>;
}

/** So many requests over some connections at once, each answer read to its end. */
export const sendAll = async (
  { send }: Served,
  requests: number,
  connections: number,
): Promise<void> => {
  let left = requests;
  const work = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await (await send()).arrayBuffer();
    }
  };
  await Promise.all(Array.from({ length: connections }, work));
};

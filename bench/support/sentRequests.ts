/** A request to VK, as the process that sent it logged it. */
export interface SentRequest {
  atMs: number;
  calls: number;
}

export const readSentRequests = (log: readonly string[]): SentRequest[] =>
  log
    .map((line) => JSON.parse(line) as { at: string; message: string; calls: number })
    .filter(({ message }) => message === 'VK request')
    .map(({ at, calls }) => ({ atMs: Date.parse(at), calls }));

/** At the ends of its work a process has too little to ask: lists are read page after page. */
const EDGE_MS = 3_000;

export const isSaturated = (requests: readonly SentRequest[]) => {
  const from = (requests[0]?.atMs ?? 0) + EDGE_MS;
  const until = (requests.at(-1)?.atMs ?? 0) - EDGE_MS;
  return ({ atMs }: SentRequest): boolean => atMs >= from && atMs <= until;
};

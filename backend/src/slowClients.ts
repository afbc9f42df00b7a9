import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

export interface ClientDeadlines {
  /** Milliseconds from the connection, or the answer before, to the end of the headers. */
  headersMs: number;
  /** Milliseconds from the headers to the end of the body. */
  bodyMs: number;
}

/**
 * Cuts off clients that send their request drop by drop, or none. Bun keeps `headersTimeout` and
 * `requestTimeout` of `node:http` without acting on them (seen with 1.4.5), hence timers of our
 * own. An answer may take as long as it needs: exports and event streams do.
 */
export const cutSlowClients = (server: Server, { headersMs, bodyMs }: ClientDeadlines): void => {
  const timers = new WeakMap<Socket, NodeJS.Timeout>();
  const arm = (socket: Socket, ms: number, isLate: () => boolean): void => {
    clearTimeout(timers.get(socket));
    const cut = (): void => {
      if (isLate()) socket.destroy();
    };
    timers.set(socket, setTimeout(cut, ms).unref());
  };
  const expectHeaders = (socket: Socket): void => arm(socket, headersMs, () => true);

  server.on('connection', (socket: Socket) => {
    expectHeaders(socket);
    socket.once('close', () => clearTimeout(timers.get(socket)));
  });
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    // What nobody reads has no `end`, but is complete all the same.
    arm(socket, bodyMs, () => !request.complete);
    response.once('close', () => {
      // What is left of a body that nobody wanted counts as the beginning of the next request.
      if (!socket.destroyed) expectHeaders(socket);
    });
  });
};

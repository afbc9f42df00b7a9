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
  const disarm = (socket: Socket): void => clearTimeout(timers.get(socket));
  const arm = (socket: Socket, ms: number): void => {
    disarm(socket);
    timers.set(socket, setTimeout(() => socket.destroy(), ms).unref());
  };

  server.on('connection', (socket: Socket) => {
    arm(socket, headersMs);
    socket.once('close', () => disarm(socket));
  });
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    arm(socket, bodyMs);
    request.once('end', () => disarm(socket));
    response.once('close', () => {
      // What is left of a body that nobody wanted counts as the beginning of the next request.
      if (!socket.destroyed) arm(socket, headersMs);
    });
  });
};

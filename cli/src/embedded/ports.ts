import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { EmbeddedError } from './EmbeddedError';

/** Below what systems hand out for outgoing connections, so that a stored port is rarely taken. */
const PORT_MIN = 20_000;
const PORT_END = 32_000;
const ATTEMPTS_MAX = 50;

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () =>
      probe.close(() => resolve(true)),
    );
  });

/** A port of 127.0.0.1 on which nobody listened a moment ago; who uses it must be ready to lose. */
export const findFreePort = async (): Promise<number> => {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const port = randomInt(PORT_MIN, PORT_END);
    if (await isFree(port)) return port;
  }
  throw new EmbeddedError('No free port was found on 127.0.0.1 for the embedded services.');
};

/** The service could not listen because another program has its port. */
export class PortTakenError extends EmbeddedError {
  constructor(port: number) {
    super(`The port ${port} of 127.0.0.1 is taken by another program.`);
  }
}

const LAUNCHES_MAX = 5;

/** Launches on the stored port, and on another for as long as that one is taken. */
export const launchOnFreePort = async (
  service: { port: number },
  launch: () => Promise<void>,
): Promise<void> => {
  for (let launches = 1; ; launches += 1) {
    if (service.port === 0) service.port = await findFreePort();
    try {
      return await launch();
    } catch (error) {
      if (!(error instanceof PortTakenError) || launches >= LAUNCHES_MAX) throw error;
      service.port = 0;
    }
  }
};

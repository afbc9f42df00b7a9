import { createConnection, createServer, type AddressInfo, type Socket } from 'node:net';

/** What happens to every connection until it is taken back. */
interface Toxics {
  /** Milliseconds by which answers come later. Requests do not: when they arrive is looked at. */
  latencyMs: number;
  /** Bytes that a server's answer comes in, one piece every 5 ms. */
  dripBytes: number;
  /** Connections are taken, and nothing is ever said on them. */
  isSilent: boolean;
  /** Connections are not taken, and those that there are end. */
  isDown: boolean;
}

export interface TcpProxy {
  readonly port: number;
  set(toxics: Partial<Toxics>): void;
  /** Ends every connection with a reset. */
  resetAll(): void;
  /** After so many more bytes of answers the connection they come on is reset. Once. */
  cutAnswerAfter(bytes: number): void;
  /** The request that holds `text` arrives, its answer does not: the connection is reset. */
  loseAnswersTo(text: string, times: number): void;
  /**
   * The next request does not arrive: the proxy answers it with `answer` and closes.
   * @param to only a request that holds this text
   */
  answerInstead(answer: Buffer, to?: string): void;
  /** How many of these have happened since the last `calm`. */
  struck(): number;
  /** Ends all of it. What was swallowed stays lost, so its connections are reset. */
  calm(): void;
  stop(): Promise<void>;
}

interface Pair {
  client: Socket;
  server: Socket;
  /** The answer to what was sent last is to be lost. */
  isForfeit: boolean;
  /** Bytes of it were swallowed: it can never be whole again. */
  isBroken: boolean;
}

/** What is to happen once, or a few times. */
interface Ambush {
  cutAfter: number;
  lose: { text: string; times: number };
  instead: { answer: Buffer; to: string } | null;
}

const HOST = '127.0.0.1';
const DRIP_EVERY_MS = 5;
const CALM: Toxics = { latencyMs: 0, dripBytes: 0, isSilent: false, isDown: false };

const noAmbush = (): Ambush => ({
  cutAfter: Number.POSITIVE_INFINITY,
  lose: { text: '', times: 0 },
  instead: null,
});

const reset = ({ client, server }: Pair): void => {
  client.resetAndDestroy();
  server.resetAndDestroy();
};

const write = (to: Socket, piece: Buffer): void => {
  if (!to.destroyed && !to.writableEnded) to.write(piece);
};

/** Stands between a process and a service, and does to their connections what networks do. */
export const createTcpProxy = async (target: { host: string; port: number }): Promise<TcpProxy> => {
  const pairs = new Set<Pair>();
  let toxics = { ...CALM };
  let ambush = noAmbush();
  let struck = 0;

  const strike = (pair: Pair): void => {
    struck += 1;
    reset(pair);
  };

  const request = (pair: Pair, piece: Buffer): void => {
    if (toxics.isSilent) return void (pair.isBroken = true);
    if (ambush.instead && piece.includes(ambush.instead.to)) {
      struck += 1;
      pair.client.end(ambush.instead.answer);
      ambush.instead = null;
      return void pair.server.destroy();
    }
    if (ambush.lose.times > 0 && piece.includes(ambush.lose.text)) {
      ambush.lose.times -= 1;
      pair.isForfeit = true;
    }
    write(pair.server, piece);
  };

  const drip = async ({ client }: Pair, piece: Buffer): Promise<void> => {
    for (let at = 0; at < piece.length; at += toxics.dripBytes || piece.length) {
      write(client, piece.subarray(at, at + (toxics.dripBytes || piece.length)));
      await Bun.sleep(DRIP_EVERY_MS);
    }
  };

  const answer = async (pair: Pair, piece: Buffer): Promise<void> => {
    if (toxics.isSilent) return void (pair.isBroken = true);
    if (pair.isForfeit) return strike(pair);
    if (piece.length > ambush.cutAfter) {
      write(pair.client, piece.subarray(0, ambush.cutAfter));
      ambush.cutAfter = Number.POSITIVE_INFINITY;
      return strike(pair);
    }
    ambush.cutAfter -= piece.length;
    if (toxics.dripBytes > 0) return drip(pair, piece);
    write(pair.client, piece);
  };

  /** Pieces keep their order, however late each of them is. */
  const carry = (
    from: Socket,
    to: Socket,
    lateMs: () => number,
    deliver: (piece: Buffer) => unknown,
  ): void => {
    let last = Promise.resolve();
    const next = (work: () => unknown): void => {
      const due = lateMs() > 0 ? Bun.sleep(lateMs()) : null;
      const before = last;
      last = (async () => {
        await Promise.all([before, due]);
        await work();
      })();
    };
    from.on('data', (piece: Buffer) => next(() => deliver(piece)));
    from.on('close', () => next(() => to.destroySoon()));
    from.on('error', () => {});
  };

  const onTime = (): number => 0;
  const late = (): number => toxics.latencyMs;

  const listener = createServer((client) => {
    if (toxics.isDown) return void client.resetAndDestroy();
    client.setNoDelay(true);
    const server = createConnection(target);
    server.setNoDelay(true);
    const pair: Pair = { client, server, isForfeit: false, isBroken: false };
    pairs.add(pair);
    client.on('close', () => pairs.delete(pair));
    carry(client, server, onTime, (piece) => request(pair, piece));
    carry(server, client, late, (piece) => answer(pair, piece));
  });
  await new Promise<void>((resolve) => listener.listen(0, HOST, resolve));

  return {
    port: (listener.address() as AddressInfo).port,
    set: (changes) => {
      toxics = { ...toxics, ...changes };
      if (toxics.isDown) pairs.forEach(reset);
    },
    resetAll: () => pairs.forEach(strike),
    cutAnswerAfter: (bytes) => void (ambush.cutAfter = bytes),
    loseAnswersTo: (text, times) => void (ambush.lose = { text, times }),
    answerInstead: (bytes, to = '') => void (ambush.instead = { answer: bytes, to }),
    struck: () => struck,
    calm: () => {
      toxics = { ...CALM };
      ambush = noAmbush();
      struck = 0;
      for (const pair of pairs) if (pair.isBroken) reset(pair);
    },
    stop: async () => {
      const closed = new Promise((resolve) => listener.close(resolve));
      pairs.forEach(reset);
      await closed;
    },
  };
};

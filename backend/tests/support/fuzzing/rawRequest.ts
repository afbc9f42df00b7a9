import { connect } from 'node:net';

export interface RawReply {
  /** Statuses of all replies that came, interim ones too. */
  statuses: number[];
  text: string;
  /** The server ended the connection; else it waited for more. */
  isClosed: boolean;
}

export interface RawOptions {
  /** Sent again and again behind the first bytes, until the server has had enough. */
  endless?: string;
  /** Milliseconds without a byte after which the reply counts as over. */
  quietMs?: number;
}

const toReply = (text: string, isClosed: boolean): RawReply => ({
  statuses: [...text.matchAll(/(?<=^|\n|\})HTTP\/1\.1 (\d{3})/g)].map(([, status]) =>
    Number(status),
  ),
  text,
  isClosed,
});

/** Sends bytes as they are to a port of this machine and reads what comes back. */
export const sendRaw = (
  port: number,
  bytes: string | Buffer,
  { endless, quietMs = 1_000 }: RawOptions = {},
): Promise<RawReply> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    let quiet: NodeJS.Timeout | undefined;
    const end = (isClosed: boolean): void => {
      clearTimeout(quiet);
      socket.destroy();
      resolve(toReply(text, isClosed));
    };
    const wait = (): void => {
      clearTimeout(quiet);
      if (endless === undefined) quiet = setTimeout(() => end(false), quietMs);
    };
    const goOn = (): void => {
      if (endless !== undefined && !socket.destroyed) {
        socket.write(endless, () => setImmediate(goOn));
      }
    };
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      if (endless !== undefined) end(false);
      else wait();
    });
    // A reset by the server: `close` follows.
    socket.on('error', () => undefined);
    socket.on('close', () => end(true));
    socket.write(bytes, goOn);
    wait();
  });

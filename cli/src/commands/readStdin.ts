import type { CommandContext } from './context';

/** All of standard input. @throws what an interruption carries. */
export const readStdin = async ({ stdin, interrupt }: CommandContext): Promise<string> => {
  const chunks: Buffer[] = [];
  const stop = () => stdin.destroy();
  interrupt.signal.addEventListener('abort', stop);
  try {
    for await (const chunk of stdin) chunks.push(Buffer.from(chunk as Uint8Array | string));
  } finally {
    interrupt.signal.removeEventListener('abort', stop);
  }
  interrupt.signal.throwIfAborted();
  return Buffer.concat(chunks).toString('utf8');
};

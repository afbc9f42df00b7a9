import { Readable } from 'node:stream';
import type { FileChunks } from './exportSource';

export interface ChunkStreamOptions {
  /** After the last chunk was taken. */
  onEnd(rows: number): void;
  /** Once, whatever the end: stops what the chunks wait for. */
  close(): void;
  /** How long a reader may take nothing before it is given up. */
  idleMsMax: number;
}

/**
 * Chunks as a stream that makes them only as fast as they are read. Unlike `Readable.from`, which
 * waits for the generator, destroying this one closes what the generator waits for.
 */
export const toChunkStream = (
  chunks: FileChunks,
  { onEnd, close, idleMsMax }: ChunkStreamOptions,
): Readable => {
  let idle: ReturnType<typeof setTimeout> | undefined;
  const giveUp = (): void => {
    stream.destroy(new Error('The reader of an export takes nothing any more.'));
  };
  const advance = async (): Promise<void> => {
    const { done, value } = await chunks.next();
    if (done === true) {
      onEnd(value);
      stream.push(null);
    } else if (!stream.push(value) && !stream.destroyed) idle = setTimeout(giveUp, idleMsMax);
  };
  const stream = new Readable({
    read() {
      clearTimeout(idle);
      advance().catch((error: Error) => stream.destroy(error));
    },
    destroy(error, done) {
      clearTimeout(idle);
      close();
      done(error);
    },
  });
  return stream;
};

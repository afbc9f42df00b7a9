import { createWriteStream } from 'node:fs';
import { access, constants, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CliError, createUsageError, EXIT } from './cliError';
import type { Sentences } from './sentences/en';

const LATER_EXTENSIONS: ReadonlySet<string> = new Set(['csv', 'xlsx', 'parquet']);

/**
 * Checks, before anything is started, that a result can be written to `file`.
 * @throws CliError `usage` for an unknown extension, a missing folder, a folder in its place.
 */
export const assertWritableFile = async (file: string, sentences: Sentences): Promise<void> => {
  const extension = extname(file).slice(1).toLowerCase();
  if (extension === '') throw createUsageError(sentences.outNoExtension(file));
  if (LATER_EXTENSIONS.has(extension)) throw createUsageError(sentences.outNotYet(extension));
  if (extension !== 'ndjson') throw createUsageError(sentences.outUnknown(extension));
  const directory = dirname(resolve(file));
  const folder = await stat(directory).catch(() => null);
  if (folder === null || !folder.isDirectory()) {
    throw createUsageError(sentences.outNoDirectory(directory));
  }
  await access(directory, constants.W_OK).catch(() => {
    throw createUsageError(sentences.outNotWritable(directory));
  });
  const present = await stat(file).catch(() => null);
  if (present?.isDirectory()) throw createUsageError(sentences.outIsDirectory(file));
};

export interface Written {
  lines: number;
  bytes: number;
}

const createLineCounter = (written: Written): Transform =>
  new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      written.bytes += chunk.byteLength;
      for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) {
        written.lines += 1;
      }
      done(null, chunk);
    },
  });

/**
 * Writes a stream to a file beside `file` and gives it that name at the end, so that `file` is
 * either as it was or whole.
 * @throws CliError when the disk refuses; what the stream throws is passed on.
 */
export const writeWhole = async (
  file: string,
  source: ReadableStream<Uint8Array>,
  signal: AbortSignal,
  sentences: Sentences,
): Promise<Written> => {
  const written: Written = { lines: 0, bytes: 0 };
  const part = join(dirname(file), `.${basename(file)}.${process.pid}.part`);
  try {
    // `flush`: on the disk before the rename, else a crash could leave an empty file in its place.
    await pipeline(source, createLineCounter(written), createWriteStream(part, { flush: true }), {
      signal,
    });
    await rename(part, file);
    return written;
  } catch (error) {
    await rm(part, { force: true });
    if (error instanceof Error && 'syscall' in error && 'path' in error) {
      throw new CliError(EXIT.failed, sentences.outFailed(file, error.message), { cause: error });
    }
    throw error;
  }
};

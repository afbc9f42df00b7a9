import { createWriteStream } from 'node:fs';
import { access, constants, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  EXPORT_FORMATS,
  type ExportFormat,
  type ExportKind,
} from '@stenograf/contracts/exportRecords';
import { CliError, createUsageError, EXIT } from './cliError';
import type { Sentences } from './sentences/en';

/** A file to be written, and what goes into it. */
export interface OutFile {
  file: string;
  kind: ExportKind;
  format: ExportFormat;
}

const FORMATS: readonly ExportFormat[] = EXPORT_FORMATS.posts;

const readFormat = (file: string, sentences: Sentences): ExportFormat => {
  const extension = extname(file).slice(1).toLowerCase();
  const names = FORMATS.map((format) => `.${format}`).join(', ');
  if (extension === '') throw createUsageError(sentences.outNoExtension(file, names));
  const format = FORMATS.find((name) => name === extension);
  if (format === undefined) throw createUsageError(sentences.outUnknown(extension, names));
  return format;
};

/** `data.csv` → `data-posts.csv` */
const nameFor = (file: string, kind: ExportKind): string => {
  const extension = extname(file);
  return `${file.slice(0, file.length - extension.length)}-${kind}${extension}`;
};

/**
 * The format by the ending of the name. One that holds a single kind of record takes a file for the
 * posts and one for the comments where all is asked for.
 * @throws CliError `usage` for an ending that is no format.
 */
export const planOutFiles = (kind: ExportKind, file: string, sentences: Sentences): OutFile[] => {
  const format = readFormat(file, sentences);
  const formats: readonly ExportFormat[] = EXPORT_FORMATS[kind];
  return formats.includes(format)
    ? [{ file, kind, format }]
    : (['posts', 'comments'] as const).map((kind) => ({ file: nameFor(file, kind), kind, format }));
};

const assertWritable = async (file: string, sentences: Sentences): Promise<void> => {
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

/**
 * Checks, before anything is started, that an export can be written to `file`.
 * @throws CliError `usage` for an unknown ending, a missing folder, a folder in its place.
 */
export const assertWritableFile = async (
  kind: ExportKind,
  file: string,
  sentences: Sentences,
): Promise<void> => {
  for (const out of planOutFiles(kind, file, sentences)) await assertWritable(out.file, sentences);
};

export interface Written {
  file: string;
  bytes: number;
  /** Line ends in it: the records of NDJSON. */
  lines: number;
}

const createCounter = (written: Written): Transform =>
  new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      written.bytes += chunk.byteLength;
      for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) {
        written.lines += 1;
      }
      done(null, chunk);
    },
  });

/** What one file is made of; opened when its turn comes. */
export interface Source {
  file: string;
  open(): Promise<ReadableStream<Uint8Array>>;
}

const partOf = (file: string): string =>
  join(dirname(file), `.${basename(file)}.${process.pid}.part`);

const writePart = async ({ file, open }: Source, signal: AbortSignal): Promise<Written> => {
  const written: Written = { file, bytes: 0, lines: 0 };
  // `flush`: on the disk before the rename, else a crash could leave an empty file in its place.
  const part = createWriteStream(partOf(file), { flush: true });
  await pipeline(await open(), createCounter(written), part, { signal });
  return written;
};

/**
 * Writes each stream to a file beside its own and gives them their names at the end, so that each
 * file is either as it was or whole.
 * @throws CliError when the disk refuses; what a stream throws is passed on.
 */
export const writeWhole = async (
  sources: readonly Source[],
  signal: AbortSignal,
  sentences: Sentences,
): Promise<Written[]> => {
  const all: Written[] = [];
  try {
    for (const source of sources) all.push(await writePart(source, signal));
    for (const { file } of sources) await rename(partOf(file), file);
    return all;
  } catch (error) {
    for (const { file } of sources) await rm(partOf(file), { force: true });
    if (error instanceof Error && 'syscall' in error && 'path' in error) {
      const file = sources[Math.min(all.length, sources.length - 1)]?.file ?? '';
      throw new CliError(EXIT.failed, sentences.outFailed(file, error.message), { cause: error });
    }
    throw error;
  }
};

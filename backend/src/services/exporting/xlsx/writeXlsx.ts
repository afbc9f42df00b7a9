import { once } from 'node:events';
import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import { columnsOf } from '../columns';
import type { FileChunks, RecordList } from '../exportSource';
import { writeAbout, type AboutLines } from './about';
import { CONTENT_TYPES, ROOT_RELATIONS, STYLES, toWorkbook, toWorkbookRelations } from './parts';
import { createRecordQueue } from './recordQueue';
import { createTally, SHEET_LIMITS, writeSheet, type SheetLimits, type SheetTally } from './sheets';

/** Beyond it time grows much faster than the file shrinks. */
const COMPRESSION_LEVEL = 4;

export interface XlsxOptions {
  /** What the last sheet says beside the counts. */
  about: AboutLines;
  limits?: SheetLimits;
}

/** A sheet is added when the one before it has been read to its end. */
const addSheets = async (
  zip: ZipFile,
  lists: readonly RecordList[],
  { about, limits = SHEET_LIMITS }: XlsxOptions,
): Promise<number> => {
  const names: string[] = [];
  const tallies = new Map<string, SheetTally>();
  const addPart = (name: string, xml: string): void =>
    zip.addBuffer(Buffer.from(xml), name, { compressionLevel: COMPRESSION_LEVEL });
  const nextPart = (): string => `xl/worksheets/sheet${names.length}.xml`;

  addPart('[Content_Types].xml', CONTENT_TYPES);
  addPart('_rels/.rels', ROOT_RELATIONS);
  addPart('xl/styles.xml', STYLES);
  for (const { name, kind, batches } of lists) {
    const records = createRecordQueue(batches);
    const columns = columnsOf(kind);
    const tally = createTally();
    tallies.set(name, tally);
    let sheets = 0;
    do {
      sheets += 1;
      names.push(sheets === 1 ? name : `${name} ${sheets}`);
      const sheet = Readable.from(writeSheet(records, columns, tally, limits));
      zip.addReadStream(sheet, nextPart(), { compressionLevel: COMPRESSION_LEVEL });
      await once(sheet, 'end');
    } while (await records.hasMore());
  }
  names.push('about');
  addPart(nextPart(), writeAbout(about, tallies));
  addPart('xl/workbook.xml', toWorkbook(names));
  addPart('xl/_rels/workbook.xml.rels', toWorkbookRelations(names.length));
  zip.end();
  return [...tallies.values()].reduce((sum, { rows }) => sum + rows, 0);
};

/**
 * A workbook with a sheet for each kind of record, several where one is full, and one about them.
 * Without the directory that ends a ZIP file it cannot be opened.
 */
export async function* writeXlsx(lists: readonly RecordList[], options: XlsxOptions): FileChunks {
  const zip = new ZipFile();
  // Of this version of ZipFile, which types its output as less than it is.
  const output = zip.outputStream as Readable;
  zip.on('error', (error: Error) => output.destroy(error));
  const adding = addSheets(zip, lists, options);
  adding.catch((error: Error) => output.destroy(error));
  for await (const chunk of output) yield chunk as Buffer;
  return adding;
}

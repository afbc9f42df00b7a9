import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Opens a spreadsheet and writes it down again as CSV: comma, quotes, UTF-8, every sheet. */
const OUT = 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true,false,false,false,false,-1';
/** Semicolon, quotes, UTF-8; the types of columns as they come, and formulas calculated. */
const IN = 'Text - txt - csv (StarCalc):59,34,76,1,,0,false,false,false,false,false,0,true';

const run = (args: readonly string[]): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn('soffice', args, { stdio: ['ignore', 'ignore', 'inherit'] });
    child.on('error', reject);
    child.on('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`LibreOffice ended with ${code}.`)),
    );
  });

/**
 * What LibreOffice makes of a file: the path of the CSV of each sheet, by its name; of a CSV, whose
 * one sheet has no name, by ''. They are gone when `read` has ended.
 */
export const openInLibreOffice = async <T>(
  file: string,
  read: (sheets: ReadonlyMap<string, string>) => Promise<T>,
): Promise<T> => {
  const folder = await mkdtemp(join(tmpdir(), 'stenograf-libreoffice-'));
  const profile = `-env:UserInstallation=${pathToFileURL(join(folder, 'profile')).href}`;
  const out = join(folder, 'out');
  const isText = file.endsWith('.csv');
  try {
    const filter = isText ? [`--infilter=${IN}`] : [];
    await run([profile, '--headless', ...filter, '--convert-to', OUT, '--outdir', out, file]);
    const names = await readdir(out);
    const sheetOf = (name: string) => /-(.*)\.csv$/.exec(name)?.[1] ?? '';
    return await read(new Map(names.map((name) => [sheetOf(name), join(out, name)])));
  } finally {
    await rm(folder, { recursive: true });
  }
};

import type { ExportKind } from '@stenograf/contracts/exportRecords';
import type { ApiClient, ExportFilters } from '../client/apiClient';
import { countOf } from '../output/format';
import { planOutFiles, writeWhole } from '../output/outFile';
import type { CommandContext } from './context';

export interface SaveRequest {
  client: ApiClient;
  kind: ExportKind;
  filters: ExportFilters;
  file: string;
  /** CSV only. */
  profile?: string | undefined;
}

/** A file that was written; `lines` where lines are records. */
export interface SavedFile {
  file: string;
  lines?: number;
  bytes: number;
}

const formatBytes = (bytes: number): string => {
  if (bytes < 10_000) return `${bytes} B`;
  return bytes < 10_000_000 ? `${Math.round(bytes / 1000)} kB` : `${Math.round(bytes / 1e6)} MB`;
};

/** Streams an export into its files and says so. They are either as they were, or whole. */
export const saveExport = async (
  { client, kind, filters, file, profile }: SaveRequest,
  { interrupt, language, sentences, note }: CommandContext,
): Promise<SavedFile[]> => {
  const outs = planOutFiles(kind, file, sentences);
  const sources = outs.map(({ file, kind, format }) => ({
    file,
    open: () => client.openExport({ kind, format, filters, profile }),
  }));
  const written = await writeWhole(sources, interrupt.signal, sentences);
  return written.map(({ file, lines, bytes }, at) => {
    const isLines = outs[at]?.format === 'ndjson';
    const size = formatBytes(bytes);
    const details = isLines ? `${countOf(lines, 'line', language)}, ${size}` : size;
    note(sentences.outWritten(file, details));
    return { file, ...(isLines ? { lines } : {}), bytes };
  });
};

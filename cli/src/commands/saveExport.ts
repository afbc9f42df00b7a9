import type { ApiClient, ExportFilters, ExportKind } from '../client/apiClient';
import { countOf } from '../output/format';
import { writeWhole, type Written } from '../output/outFile';
import type { CommandContext } from './context';

export interface ExportRequest {
  client: ApiClient;
  kind: ExportKind;
  filters: ExportFilters;
  file: string;
}

const formatBytes = (bytes: number): string => {
  if (bytes < 10_000) return `${bytes} B`;
  return bytes < 10_000_000 ? `${Math.round(bytes / 1000)} kB` : `${Math.round(bytes / 1e6)} MB`;
};

/** Streams an export into a file and says so. The file is either as it was, or whole. */
export const saveExport = async (
  { client, kind, filters, file }: ExportRequest,
  { interrupt, language, sentences, note }: CommandContext,
): Promise<Written> => {
  const stream = await client.openExport(kind, filters);
  const written = await writeWhole(file, stream, interrupt.signal, sentences);
  const lines = countOf(written.lines, 'line', language);
  note(sentences.outWritten(file, lines, formatBytes(written.bytes)));
  return written;
};

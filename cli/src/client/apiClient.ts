import type { TargetDto, TaskReport } from '@stenograf/contracts/api';
import { createClient, toQuery, type Client } from '@stenograf/contracts/client';
import type { ExportFormat, ExportKind } from '@stenograf/contracts/exportRecords';
import type { Language } from '@stenograf/contracts/reasons';
import type { Sentences } from '../output/sentences/en';
import { createSend, readJson, type Send } from './send';

const REQUEST_TIMEOUT_MS = 30_000;
/** A command that was interrupted ends soon, whatever the service does. */
const INTERRUPT_TIMEOUT_MS = 3_000;
const TARGETS_PER_PAGE = 500;

/** Parameters of the routes of exports; a list stands for one given several times. */
export interface ExportFilters {
  task?: number;
  community?: string[];
  author?: string[];
  since?: string;
  until?: string;
  q?: string;
  has?: string[];
  is?: string[];
  min_likes?: string;
  sort?: string;
}

export interface ExportRequest {
  kind: ExportKind;
  format: ExportFormat;
  filters: ExportFilters;
  /** CSV only. */
  profile?: string | undefined;
}

/**
 * The HTTP API of Stenograf. Every failure is a CliError with a sentence. A call ends with the
 * command and within 30 s, unless it is given a signal of its own.
 */
export interface ApiClient extends Client {
  readonly url: string;
  /** All of them, in the order in which they were pasted. */
  listTargets(taskId: number): Promise<TargetDto[]>;
  getReport(taskId: number): Promise<TaskReport>;
  /** Pauses a task on the way out: goes through after Ctrl-C, within a few seconds. */
  pauseAtInterrupt(taskId: number): Promise<void>;
  /** The file as it is made; not bounded in time. */
  openExport(request: ExportRequest): Promise<ReadableStream<Uint8Array>>;
}

export interface ApiClientOptions {
  url: string;
  key: string;
  language: Language;
  sentences: Sentences;
  /** Ends every request, as Ctrl-C does. */
  signal: AbortSignal;
}

const listTargets = (client: Client, id: number): Promise<TargetDto[]> =>
  Array.fromAsync(
    client.pages('GET /tasks/:id/targets', { params: { id }, query: { limit: TARGETS_PER_PAGE } }),
  );

export const createApiClient = (options: ApiClientOptions): ApiClient => {
  const { url, key, language } = options;
  const headers = { authorization: `Bearer ${key}`, 'accept-language': language };
  const createEnding = (send: Send, timeoutMs: number): Client =>
    createClient({
      url,
      headers,
      fetch: (address, { signal = AbortSignal.timeout(timeoutMs), ...init }) =>
        send(address, { ...init, signal }, readJson(options)),
    });
  const send = createSend(options);
  const client = createEnding(send, REQUEST_TIMEOUT_MS);
  return {
    ...client,
    url,
    listTargets: (taskId) => listTargets(client, taskId),
    getReport: async (id) => {
      // The task first: its targets can then only be newer than what it says of them.
      const task = await client.call('GET /tasks/:id', { params: { id } });
      return { task, metrics: task.metrics, targets: await listTargets(client, id) };
    },
    pauseAtInterrupt: async (id) => {
      const late = createSend({ ...options, signal: new AbortController().signal });
      const params = { id };
      await createEnding(late, INTERRUPT_TIMEOUT_MS).call('POST /tasks/:id/pause', { params });
    },
    openExport: ({ kind, format, filters, profile }) => {
      const query = toQuery({ ...filters, profile });
      const address = `${url}/api/v1/exports/${kind}.${format}${query}`;
      return send(address, { headers }, ({ body }) => body ?? new Blob([]).stream());
    },
  };
};

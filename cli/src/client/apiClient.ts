import type {
  CreateTaskBody,
  ListDto,
  ServiceDto,
  TargetDto,
  TaskDto,
  TaskReport,
} from '@stenograf/contracts/api';
import type { ExportFormat, ExportKind } from '@stenograf/contracts/exportRecords';
import type { Language } from '@stenograf/contracts/reasons';
import type { Sentences } from '../output/sentences/en';
import { createAccessClient, type AccessClient } from './accessClient';
import { createErasureClient, type ErasureClient } from './erasureClient';
import { createConnectionError, createReplyError } from './httpErrors';
import { createSearchClient, type SearchClient } from './searchClient';
import { createTokenClient, type TokenClient } from './tokenClient';

const REQUEST_TIMEOUT_MS = 30_000;
/** A command that was interrupted ends soon, whatever the service does. */
const INTERRUPT_TIMEOUT_MS = 3_000;
const PAGE_LIMIT = 500;

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
  profile?: string;
}

/** The HTTP API of Stenograf as functions. Every failure is a CliError with a sentence. */
export interface ApiClient {
  readonly url: string;
  /** Keys and people. */
  readonly access: AccessClient;
  /** VK tokens and their quotas. */
  readonly tokens: TokenClient;
  /** People who ask to be forgotten. */
  readonly erasures: ErasureClient;
  /** What was collected, by its words. */
  readonly search: SearchClient;
  getService(): Promise<ServiceDto>;
  createTask(body: CreateTaskBody): Promise<TaskDto>;
  getTask(taskId: number): Promise<TaskDto>;
  /** Newest first, at most `limit`. */
  listTasks(limit: number): Promise<TaskDto[]>;
  /** All of them, in the order in which they were pasted. */
  listTargets(taskId: number): Promise<TargetDto[]>;
  getReport(taskId: number): Promise<TaskReport>;
  moveTask(taskId: number, move: TaskMove): Promise<TaskDto>;
  /** Pauses a task on the way out: goes through after Ctrl-C, within a few seconds. */
  pauseAtInterrupt(taskId: number): Promise<void>;
  /** The file as it is made; not bounded in time. */
  openExport(request: ExportRequest): Promise<ReadableStream<Uint8Array>>;
}

/** What people do to a task that exists. */
export type TaskMove = 'pause' | 'resume' | 'cancel' | 'retry';

export interface ApiClientOptions {
  url: string;
  key: string;
  language: Language;
  sentences: Sentences;
  /** Ends every request, as Ctrl-C does. */
  signal: AbortSignal;
}

interface SendInit {
  method?: 'POST' | 'PATCH' | 'DELETE';
  headers?: Record<string, string>;
  body?: string;
  signal?: AbortSignal;
  /** Sent although the command has been interrupted. */
  afterInterrupt?: boolean;
}
type Send = (path: string, init?: SendInit) => Promise<Response>;

const createSend =
  ({ url, key, language, sentences, signal }: ApiClientOptions): Send =>
  async (path, { afterInterrupt = false, ...init } = {}) => {
    const ends = afterInterrupt ? [] : [signal];
    ends.forEach((end) => end.throwIfAborted());
    const response = await fetch(`${url}/api/v1${path}`, {
      ...init,
      signal: AbortSignal.any(init.signal ? [...ends, init.signal] : ends),
      headers: { authorization: `Bearer ${key}`, 'accept-language': language, ...init.headers },
    }).catch((error: unknown) => {
      ends.forEach((end) => end.throwIfAborted());
      throw createConnectionError(error, url, sentences);
    });
    if (!response.ok) throw await createReplyError(response, url, sentences);
    return response;
  };

type GetJson = <T>(path: string) => Promise<T>;

const createGetJson =
  (send: Send, { url, sentences, signal }: ApiClientOptions): GetJson =>
  async <T>(path: string): Promise<T> => {
    const response = await send(path, { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
    try {
      return (await response.json()) as T;
    } catch (error) {
      signal.throwIfAborted();
      throw createConnectionError(error, url, sentences);
    }
  };

const listPages = async <T>(getJson: GetJson, path: string, max: number): Promise<T[]> => {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const query = new URLSearchParams({ limit: String(Math.min(PAGE_LIMIT, max - items.length)) });
    if (cursor !== null) query.set('cursor', cursor);
    const page: ListDto<T> = await getJson<ListDto<T>>(`${path}?${query.toString()}`);
    items.push(...page.items);
    cursor = page.next;
  } while (cursor !== null && items.length < max);
  return items;
};

/** What parts of the API that live in a file of their own are made of. */
export interface Requests {
  /** Sends a JSON body where there is one. */
  change(method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<Response>;
  get<T>(path: string): Promise<T>;
  /** Every item of a list, page by page. */
  listAll<T>(path: string): Promise<T[]>;
}

const createRequests = (send: Send, getJson: GetJson): Requests => ({
  change: (method, path, body) =>
    send(path, {
      method,
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      ...(body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    }),
  get: getJson,
  listAll: <T>(path: string) => listPages<T>(getJson, path, Number.POSITIVE_INFINITY),
});

const exportQuery = ({ filters, profile }: ExportRequest): string => {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...filters, profile })) {
    if (value === undefined) continue;
    for (const item of Array.isArray(value) ? value : [value]) query.append(name, String(item));
  }
  return query.size > 0 ? `?${query.toString()}` : '';
};

export const createApiClient = (options: ApiClientOptions): ApiClient => {
  const send = createSend(options);
  const getJson = createGetJson(send, options);
  const requests = createRequests(send, getJson);
  const getTask = (taskId: number) => getJson<TaskDto>(`/tasks/${taskId}`);
  const listTargets = (taskId: number) =>
    listPages<TargetDto>(getJson, `/tasks/${taskId}/targets`, Number.POSITIVE_INFINITY);
  return {
    url: options.url,
    access: createAccessClient(requests),
    tokens: createTokenClient(requests),
    erasures: createErasureClient(send),
    search: createSearchClient(requests),
    getService: () => getJson<ServiceDto>('/service'),
    getTask,
    listTargets,
    createTask: async (body) => {
      const response = await send('/tasks', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      });
      return (await response.json()) as TaskDto;
    },
    listTasks: (limit) => listPages<TaskDto>(getJson, '/tasks', limit),
    getReport: async (taskId) => {
      // The task first: its targets can then only be newer than what it says of them.
      const task = await getTask(taskId);
      return { task, metrics: task.metrics, targets: await listTargets(taskId) };
    },
    moveTask: async (taskId, move) => {
      const response = await send(`/tasks/${taskId}/${move}`, {
        method: 'POST',
        signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      });
      return (await response.json()) as TaskDto;
    },
    pauseAtInterrupt: async (taskId) => {
      const signal = AbortSignal.timeout(INTERRUPT_TIMEOUT_MS);
      await send(`/tasks/${taskId}/pause`, { method: 'POST', signal, afterInterrupt: true });
    },
    openExport: async (request) => {
      const { kind, format } = request;
      const { body } = await send(`/exports/${kind}.${format}${exportQuery(request)}`);
      return body ?? new Blob([]).stream();
    },
  };
};

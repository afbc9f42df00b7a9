import fc from 'fast-check';
import type { TestApi } from '../../integration/http/startApi';
import { listOperations, readDocument, type ApiDocument } from './apiDocument';
import { fuzzRequests, type FuzzRequest } from './fuzzRequests';
import { createReplyChecks, type ReadReply } from './replyProblems';

/** An answer that takes longer counts as none. */
const ANSWER_MS_MAX = 15_000;
/** Enough of any page of a list; of exports and streams the rest is left unread. */
const BYTES_MAX = 4 * 1024 * 1024;
const REQUESTS_PER_LOOK = 100;

export interface FuzzReport {
  requests: number;
  /** How many replies had each status. */
  statuses: Record<number, number>;
  slowestMs: number;
  slowest: string;
  problems: string[];
}

export const EMPTY_REPORT: FuzzReport = {
  requests: 0,
  statuses: {},
  slowestMs: 0,
  slowest: '',
  problems: [],
};

const brief = (text: string): string =>
  text.length > 400 ? `${text.slice(0, 400)}… (${text.length})` : text;

/** To be sent once more by hand. */
const describeRequest = ({ method, path, sender, headers, body }: FuzzRequest): string => {
  const sent = typeof body === 'string' ? body : Buffer.from(body ?? []).toString('latin1');
  return `${method} ${brief(path)} as ${sender} ${brief(JSON.stringify(headers))} ${brief(JSON.stringify(sent))}`;
};

/** Reads until the end or a bound, and for a stream of events until something came. */
const readReply = async (response: Response): Promise<ReadReply> => {
  const type = response.headers.get('content-type')?.split(';')[0] ?? '';
  const chunks: Uint8Array[] = [];
  let length = 0;
  let isWhole = true;
  if (response.body) {
    const reader = response.body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      chunks.push(value);
      length += value.length;
      isWhole = type !== 'text/event-stream' && length < BYTES_MAX;
      if (isWhole) continue;
      await reader.cancel();
      break;
    }
  }
  return {
    status: response.status,
    type,
    requestId: response.headers.get('x-request-id'),
    text: Buffer.concat(chunks).toString(),
    isWhole,
  };
};

const send = async (api: TestApi, request: FuzzRequest): Promise<ReadReply> => {
  const { method, path, sender, headers, body } = request;
  const keys = { ...api.keys, stranger: `stg_${'x'.repeat(30)}` };
  const response = await fetch(api.url + path, {
    method,
    redirect: 'manual',
    signal: AbortSignal.timeout(ANSWER_MS_MAX),
    headers: {
      ...headers,
      ...(sender === 'nobody' ? {} : { authorization: `Bearer ${keys[sender]}` }),
    },
    ...(body === null ? {} : { body }),
  });
  return readReply(response);
};

const CURSOR_LISTS = ['/posts', '/comments', '/comments?sort=-likes', '/authors', '/tasks?limit=1'];

/** The `next` of the first page of some lists. */
const gatherCursors = async (api: TestApi): Promise<string[]> => {
  const cursors: string[] = [];
  for (const path of CURSOR_LISTS) {
    const response = await fetch(`${api.url}/api/v1${path}`, {
      headers: { authorization: `Bearer ${api.keys.admin}` },
    });
    const { next } = (await response.json()) as { next: string | null };
    if (next !== null) cursors.push(next);
  }
  return cursors;
};

const assertAlive = async (api: TestApi): Promise<string[]> => {
  const response = await fetch(`${api.url}/health/ready`, {
    signal: AbortSignal.timeout(ANSWER_MS_MAX),
  });
  return response.ok ? [] : [`/health/ready answers ${response.status}`];
};

const createRunner = (api: TestApi, document: ApiDocument) => {
  const checks = createReplyChecks(document);
  return async (request: FuzzRequest, report: FuzzReport): Promise<void> => {
    const startedAt = performance.now();
    const tell = (problem: string): void => {
      report.problems.push(`${problem}: ${describeRequest(request)}`);
    };
    try {
      const reply = await send(api, request);
      report.statuses[reply.status] = (report.statuses[reply.status] ?? 0) + 1;
      for (const problem of checks.problemsOf(request.operation?.operation ?? null, reply)) {
        tell(`${problem} (${brief(reply.text)})`);
      }
    } catch (error) {
      tell(`no reply (${String(error)})`);
    }
    const tookMs = performance.now() - startedAt;
    report.requests += 1;
    if (tookMs > report.slowestMs) {
      report.slowestMs = tookMs;
      report.slowest = describeRequest(request);
    }
  };
};

const errorLines = (lines: readonly string[]): string[] =>
  lines.filter((line) => /"level":"(?:error|fatal)"/.test(line));

/**
 * Sends `count` requests, the same for the same seed and the same data, one after the other. Names
 * what no reply may be, lines of errors in the log, and a service that is not well afterwards.
 */
export const runFuzz = async (
  api: TestApi,
  { seed, count }: { seed: number; count: number },
): Promise<FuzzReport> => {
  const document = await readDocument(api.url);
  const run = createRunner(api, document);
  const arbitrary = fuzzRequests(listOperations(document), await gatherCursors(api));
  const linesBefore = api.logLines.length;
  const report: FuzzReport = { ...EMPTY_REPORT, statuses: {}, problems: [] };
  for (const [index, request] of fc.sample(arbitrary, { seed, numRuns: count }).entries()) {
    await run(request, report);
    if (index % REQUESTS_PER_LOOK === 0) report.problems.push(...(await assertAlive(api)));
  }
  report.problems.push(...(await assertAlive(api)), ...errorLines(api.logLines.slice(linesBefore)));
  return report;
};

export const describeReport = ({ requests, statuses, slowestMs }: FuzzReport): string =>
  `${requests} requests; ${Object.entries(statuses)
    .map(([status, times]) => `${status}: ${times}`)
    .join(', ')}; slowest ${Math.round(slowestMs)} ms`;

export const addReports = (one: FuzzReport, other: FuzzReport): FuzzReport => {
  const statuses = { ...one.statuses };
  for (const [status, times] of Object.entries(other.statuses)) {
    statuses[Number(status)] = (statuses[Number(status)] ?? 0) + times;
  }
  const slower = other.slowestMs > one.slowestMs ? other : one;
  return {
    requests: one.requests + other.requests,
    statuses,
    slowestMs: slower.slowestMs,
    slowest: slower.slowest,
    problems: [...one.problems, ...other.problems],
  };
};

/** Memory of this process, service and test together, after all garbage has gone. */
export const residentBytes = (): number => {
  Bun.gc(true);
  return process.memoryUsage.rss();
};

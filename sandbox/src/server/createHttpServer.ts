import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { VkFailure } from '../vk/errors';
import { answerControl, type Controls } from './control';
import type { Api } from './createApi';
import { renderFailure } from './envelope';
import { readBody, readParams } from './readRequest';
import { sendAnswer, sendHtml, sendJson } from './sendReply';
import type { StatsRecorder } from './stats';

export interface HttpDependencies {
  api: Api;
  controls: Controls;
  stats: StatsRecorder;
  /** Called after each answered request to /method/. */
  onRequest: () => void;
}

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
  arrivedAtMs: number;
}

/** Longer than any reader pauses, so that no idle connection ends under its next request. */
const KEEP_ALIVE_MS = 65_000;
const METHOD_PATH = '/method/';

const acceptsGzip = ({ headers }: IncomingMessage): boolean =>
  /\bgzip\b/.test(headers['accept-encoding'] ?? '');

const answerMethod = async (
  { api, onRequest, stats }: HttpDependencies,
  { request, response, url, arrivedAtMs }: Exchange,
): Promise<void> => {
  stats.opened();
  response.once('close', () => stats.closed());
  const method = url.pathname.slice(METHOD_PATH.length);
  if (request.method !== 'GET' && request.method !== 'POST') {
    const failed = { method, params: url.searchParams as ReadonlyMap<string, string>, arrivedAtMs };
    return sendJson(response, renderFailure(new VkFailure(9_999), failed), false);
  }
  const body = await readBody(request);
  if (body === null) return sendHtml(response, 413, 'Request Entity Too Large');
  const params = await readParams(request, url, body);
  const answer = api({ method, params, arrivedAtMs });
  onRequest();
  sendAnswer(response, answer.body, { fault: answer.fault, acceptsGzip: acceptsGzip(request) });
};

const answerSandbox = async (
  { controls }: HttpDependencies,
  { request, response, url }: Exchange,
): Promise<void> => {
  const body = (await readBody(request))?.toString() ?? '';
  try {
    const answer = answerControl(controls, {
      route: `${request.method} ${url.pathname}`,
      query: url.searchParams,
      body: body === '' ? undefined : JSON.parse(body),
    });
    if (answer === undefined) return sendHtml(response, 404);
    sendJson(response, JSON.stringify(answer), acceptsGzip(request));
  } catch (error) {
    sendHtml(response, 400, String(error));
  }
};

const handle = async (dependencies: HttpDependencies, exchange: Exchange): Promise<void> => {
  const { pathname } = exchange.url;
  if (pathname.startsWith(METHOD_PATH)) return answerMethod(dependencies, exchange);
  if (pathname.startsWith('/sandbox/')) return answerSandbox(dependencies, exchange);
  sendHtml(exchange.response, 404);
};

/** An HTTP server that does not listen yet. */
export const createHttpServer = (dependencies: HttpDependencies): Server => {
  const server = createServer((request, response) => {
    // Read first of all: the moment of arrival decides whether a request keeps the limit.
    const arrivedAtMs = performance.now();
    const url = new URL(request.url ?? '/', 'http://sandbox');
    handle(dependencies, { request, response, url, arrivedAtMs }).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else sendHtml(response, 500, String(error));
    });
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  return server;
};

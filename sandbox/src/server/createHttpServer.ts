import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { VkFailure } from '../vk/errors';
import type { Clock } from '../clock';
import type { Switches } from '../vk/switches';
import { answerControl, type Controls } from './control';
import type { Api } from './createApi';
import { renderFailure } from './envelope';
import { readBody, readParams } from './readRequest';
import { sendAnswer, sendHtml, sendJson } from './sendReply';
import type { StatsRecorder } from './stats';

export interface HttpDependencies {
  api: Api;
  clock: Clock;
  controls: Controls;
  stats: StatsRecorder;
  switches: Pick<Switches, 'longAddress'>;
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
/** What most web servers take of a request line. */
const ADDRESS_BYTES_MAX = 8 * 1_024;

const acceptsGzip = ({ headers }: IncomingMessage): boolean =>
  /\bgzip\b/.test(headers['accept-encoding'] ?? '');

const answerMethod = async (
  { api, onRequest, stats, switches }: HttpDependencies,
  { request, response, url, arrivedAtMs }: Exchange,
): Promise<void> => {
  stats.opened();
  response.once('close', () => stats.closed());
  const method = url.pathname.slice(METHOD_PATH.length);
  if (switches.longAddress === '414' && (request.url?.length ?? 0) > ADDRESS_BYTES_MAX) {
    return sendHtml(response, 414, 'Request-URI Too Large');
  }
  const address = request.socket.remoteAddress?.replace(/^::ffff:/, '') ?? '';
  if (request.method !== 'GET' && request.method !== 'POST') {
    const failed = { method, params: new Map(url.searchParams) };
    return sendJson(response, renderFailure(new VkFailure(9_999), failed), false);
  }
  const body = await readBody(request);
  if (body === null) return sendHtml(response, 413, 'Request Entity Too Large');
  const params = await readParams(request, url, body);
  const answer = api({ method, params, arrivedAtMs, address });
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
    const arrivedAtMs = dependencies.clock.now();
    const url = new URL(request.url ?? '/', 'http://sandbox');
    handle(dependencies, { request, response, url, arrivedAtMs }).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else sendHtml(response, 500, String(error));
    });
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  return server;
};

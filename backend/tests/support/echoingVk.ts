import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface EchoingVk {
  /** What to set as VK_API_URL. */
  readonly url: string;
  /** How many replies of each kind repeated the token. */
  readonly echoes: ReadonlyMap<string, number>;
  stop(): Promise<void>;
}

interface Exchange {
  response: ServerResponse;
  method: string;
  token: string;
}

type Echo = (exchange: Exchange) => void;

const sendJson = (response: ServerResponse, body: unknown, status = 200): void => {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
};

const errorOf = (code: number, { method, token }: Exchange): object => ({
  error: {
    error_code: code,
    error_msg: `Something about ${token} and access_token=${token}`,
    error_text: token,
    redirect_uri: `https://vk.example/?access_token=${token}`,
    request_params: [
      { key: 'access_token', value: token },
      { key: 'method', value: method },
    ],
  },
});

/** All that VK, or what stands before it, could repeat a token in; each passes by a retry. */
const ECHOES: Readonly<Record<string, Echo>> = {
  'an internal error': (exchange) => sendJson(exchange.response, errorOf(10, exchange)),
  'an unknown error': (exchange) => sendJson(exchange.response, errorOf(4242, exchange)),
  'a page': ({ response, token }) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end(`<html><a href="?access_token=${token}">${token}</a></html>`);
  },
  'a failed page': ({ response, token }) => {
    response.writeHead(502, { 'content-type': 'text/html', 'x-token': token });
    response.end(token);
  },
  'a redirect': ({ response, method, token }) => {
    response.writeHead(302, { location: `/elsewhere/${method}?access_token=${token}` });
    response.end();
  },
  'JSON cut short': ({ response, token }) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(`{"response":{"access_token":"${token}","items":[`);
  },
  'JSON of another shape': ({ response, token }) => sendJson(response, { [token]: token }),
  'JSON with a failure': (exchange) => sendJson(exchange.response, errorOf(1, exchange), 500),
  'a reply that breaks off': ({ response, token }) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '9999' });
    response.write(`{"response":"${token}`);
    setImmediate(() => response.destroy());
  },
};

const read = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
};

/**
 * Stands before a sandbox and repeats the token of every third request in some reply of its own;
 * tokens that are refused for good always get to hear themselves.
 * @param refused tokens that VK no longer accepts
 */
export const startEchoingVk = async (
  sandboxUrl: string,
  refused: readonly string[],
): Promise<EchoingVk> => {
  const echoes = new Map<string, number>();
  const names = Object.keys(ECHOES);
  let requests = 0;

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await read(request);
    const method = (request.url ?? '').replace(/^.*\//, '');
    const token = new URLSearchParams(body).get('access_token') ?? '';
    const exchange = { response, method, token };
    if (refused.includes(token)) return sendJson(response, errorOf(5, exchange));
    requests += 1;
    const name = requests % 3 === 0 ? names[(requests / 3) % names.length] : undefined;
    const echo = name === undefined ? undefined : ECHOES[name];
    if (name !== undefined && echo) {
      echoes.set(name, (echoes.get(name) ?? 0) + 1);
      return echo(exchange);
    }
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const reply = await fetch(`${sandboxUrl}/${method}`, { method: 'POST', headers, body });
    response.writeHead(reply.status, { 'content-type': 'application/json', 'x-token': token });
    response.end(await reply.text());
  };

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/method`,
    echoes,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

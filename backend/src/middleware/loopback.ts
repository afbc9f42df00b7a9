import type { Request, RequestHandler } from 'express';

const LOOPBACK = /^(?:::ffff:)?127\.|^::1$/;

/** What proxies add, of each kind one that they cannot do without. */
const PROXY_HEADERS = ['Forwarded', 'X-Forwarded-For', 'X-Forwarded-Host', 'X-Real-IP', 'Via'];

/**
 * Whether a program of this machine asks by itself. Who came through a proxy did not, whatever
 * address the proxy gives, and whether or not TRUST_PROXY believes it.
 */
export const isFromLoopback = (request: Request): boolean =>
  LOOPBACK.test(request.socket.remoteAddress ?? '') &&
  PROXY_HEADERS.every((name) => request.get(name) === undefined);

/** Lets programs of this machine pass, credential or not, and hands all others to `authenticate`. */
export const unlessFromLoopback =
  (authenticate: RequestHandler): RequestHandler =>
  (request, response, next) =>
    isFromLoopback(request) ? next() : authenticate(request, response, next);

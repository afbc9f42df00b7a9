import cors from 'cors';
import type { RequestHandler } from 'express';

const MAX_AGE_S = 600;

/**
 * Answers browsers of the listed origins. For any other the headers are left out and the request
 * goes on as if nothing had been asked, a preflight included: it then lacks a key like any other.
 */
export const createCors = (origins: readonly string[]): RequestHandler => {
  const allowed = new Set(origins);
  const answer = cors({
    origin: [...allowed],
    // The session's cookie may come along: such a page is as good as one of ours.
    credentials: true,
    methods: ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE'],
    allowedHeaders: [
      'Authorization',
      'Content-Type',
      'Idempotency-Key',
      'Last-Event-ID',
      'X-CSRF-Token',
      'X-Request-Id',
    ],
    exposedHeaders: [
      'Content-Disposition',
      'Idempotency-Replayed',
      'Location',
      'RateLimit',
      'RateLimit-Policy',
      'Retry-After',
      'X-Request-Id',
    ],
    maxAge: MAX_AGE_S,
  });
  return (request, response, next) => {
    if (allowed.has(request.get('Origin') ?? '')) {
      answer(request, response, next);
      return;
    }
    response.vary('Origin');
    next();
  };
};

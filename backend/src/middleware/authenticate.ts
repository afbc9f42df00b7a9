import type { Scope } from '@stenograf/contracts/scopes';
import type { Request, RequestHandler } from 'express';
import { AppError } from '../errors';
import type { ApiKeyService } from '../services/apiKeyService';
import type { Identity } from '../services/identity';
import { isCsrfToken, type SessionService } from '../services/sessionService';
import { addLogFields } from '../utils/logContext';
import { assertOwnPage } from './ownPages';
import { readSessionCookie } from './sessionCookie';

declare global {
  // oxlint-disable-next-line typescript/no-namespace -- the way Express offers to type its locals
  namespace Express {
    interface Locals {
      identity?: Identity;
      /** What the session's cookie holds, where the request came with a session in force. */
      sessionToken?: string;
      /** Whether the credential is still in force: for answers that take long. */
      isStillIn?: () => Promise<boolean>;
    }
  }
}

const BEARER = /^Bearer +(stg_[0-9A-Za-z]+)$/i;
const RANK: Record<Scope, number> = { read: 0, write: 1, admin: 2 };
/** Change nothing, and are sent by links and pictures alike. */
const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

export interface AuthenticateDependencies {
  apiKeyService: ApiKeyService;
  sessionService: SessionService;
  corsOrigins: readonly string[];
  /** `POST /api/v1/session`, as it is written here and no other way. */
  openRoutes: ReadonlySet<string>;
}

/** A browser sends the cookie whoever asks it to; the token only a page of ours can know. */
const assertIntended = (request: Request, token: string, allowed: ReadonlySet<string>): void => {
  if (SAFE_METHODS.has(request.method)) return;
  assertOwnPage(request, allowed);
  if (isCsrfToken(token, request.get('X-CSRF-Token') ?? '')) return;
  throw new AppError(
    'forbidden',
    'Send the `csrf_token` of GET /session in the header `X-CSRF-Token`.',
  );
};

/** Stands before routing: without a valid credential nobody learns which paths exist. */
export const createAuthenticate = ({
  apiKeyService,
  sessionService,
  corsOrigins,
  openRoutes,
}: AuthenticateDependencies): RequestHandler => {
  const allowed = new Set(corsOrigins);
  return async (request, response, next) => {
    if (openRoutes.has(`${request.method} ${request.baseUrl}${request.path}`)) {
      assertOwnPage(request, allowed);
      next();
      return;
    }
    const authorization = request.get('Authorization');
    // A key that is shown must be good: its holder would not expect to act as somebody else.
    const token = authorization === undefined ? readSessionCookie(request) : undefined;
    const key = BEARER.exec(authorization ?? '')?.[1];
    const identify = async (): Promise<Identity | null> => {
      if (token !== undefined) return sessionService.authenticate(token);
      return key === undefined ? null : apiKeyService.authenticate(key);
    };
    const identity = await identify();
    if (!identity) {
      response.set('WWW-Authenticate', 'Bearer realm="stenograf"');
      throw new AppError(
        'unauthorized',
        'Send a valid key in the header Authorization, behind the word Bearer, or sign in.',
      );
    }
    response.locals.identity = identity;
    response.locals.isStillIn = async () => (await identify()) !== null;
    addLogFields(identity.kind === 'key' ? { keyId: identity.id } : { userId: identity.id });
    if (token !== undefined) {
      response.locals.sessionToken = token;
      assertIntended(request, token, allowed);
    }
    next();
  };
};

/** @throws AppError `forbidden` unless the caller's scope includes `needed`. */
export const assertScope = (identity: Identity | undefined, needed: Scope): void => {
  if (identity && RANK[identity.scope] >= RANK[needed]) return;
  throw new AppError('forbidden', `This needs the scope ${needed}.`);
};

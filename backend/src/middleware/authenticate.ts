import type { Scope } from '@stenograf/contracts/scopes';
import type { RequestHandler } from 'express';
import { AppError } from '../errors';
import type { ApiKeyService, Identity } from '../services/apiKeyService';
import { addLogFields } from '../utils/logContext';

declare global {
  // oxlint-disable-next-line typescript/no-namespace -- the way Express offers to type its locals
  namespace Express {
    interface Locals {
      identity?: Identity;
    }
  }
}

const BEARER = /^Bearer +(stg_[0-9A-Za-z]+)$/i;
const RANK: Record<Scope, number> = { read: 0, write: 1, admin: 2 };

/** Stands before routing: without a valid key nobody learns which paths exist. */
export const createAuthenticate =
  ({ apiKeyService }: { apiKeyService: ApiKeyService }): RequestHandler =>
  async (request, response, next) => {
    const presented = BEARER.exec(request.get('Authorization') ?? '')?.[1];
    const identity = presented === undefined ? null : await apiKeyService.authenticate(presented);
    if (!identity) {
      response.set('WWW-Authenticate', 'Bearer realm="stenograf"');
      throw new AppError(
        'unauthorized',
        'Send a valid key in the header `Authorization: Bearer stg_…`.',
      );
    }
    response.locals.identity = identity;
    addLogFields({ keyId: identity.id });
    next();
  };

/** @throws AppError `forbidden` unless the key's scope includes `needed`. */
export const assertScope = (identity: Identity | undefined, needed: Scope): void => {
  if (identity && RANK[identity.scope] >= RANK[needed]) return;
  throw new AppError('forbidden', `This needs a key of scope ${needed}.`);
};

import type { Request } from 'express';
import { AppError } from '../errors';

const isOwn = (request: Request, allowed: ReadonlySet<string>): boolean => {
  const origin = request.get('Origin');
  if (origin !== undefined && allowed.has(origin)) return true;
  // Browsers send it where they can be sure of the address; pages cannot forge it.
  const site = request.get('Sec-Fetch-Site');
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  // Only the host: behind a proxy this process may not know that the page came by https.
  return origin === undefined || URL.parse(origin)?.host === request.get('Host');
};

/**
 * Refuses what a page of somebody else's makes a browser send. Programs send neither header.
 * @throws AppError `forbidden`.
 */
export const assertOwnPage = (request: Request, allowed: ReadonlySet<string>): void => {
  if (isOwn(request, allowed)) return;
  throw new AppError('forbidden', 'Pages of this origin may not do this; see CORS_ORIGINS.');
};

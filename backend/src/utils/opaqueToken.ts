import { createHash, createHmac, randomBytes } from 'node:crypto';

/** 256 random bits, safe in a URL and in a cookie: there is nothing to guess. */
export const createOpaqueToken = (): string => randomBytes(32).toString('base64url');

const SHAPE = /^[\w-]{43}$/;

export const isOpaqueToken = (text: string): boolean => SHAPE.test(text);

/** What is stored of a random token. A fast hash is right for one that cannot be guessed. */
export const hashOpaqueToken = (token: string): Buffer =>
  createHash('sha256').update(token).digest();

/** Another token that whoever holds the first can make, and that does not lead back to it. */
export const deriveToken = (token: string, purpose: string): string =>
  createHmac('sha256', token).update(purpose).digest('base64url');

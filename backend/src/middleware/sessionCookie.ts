import { parseCookie } from 'cookie';
import type { CookieOptions, Request, Response } from 'express';

/** The prefix makes browsers refuse the cookie unless it is Secure and this host's alone. */
const nameFor = ({ secure }: Request): string =>
  secure ? '__Host-stenograf_session' : 'stenograf_session';

const optionsFor = ({ secure }: Request): CookieOptions => ({
  httpOnly: true,
  sameSite: 'strict',
  secure,
  path: '/',
});

export const readSessionCookie = (request: Request): string | undefined =>
  parseCookie(request.get('Cookie') ?? '')[nameFor(request)];

export const setSessionCookie = (response: Response, token: string, expires: Date): void => {
  const { req } = response;
  response.cookie(nameFor(req), token, { ...optionsFor(req), expires });
};

export const clearSessionCookie = (response: Response): void => {
  const { req } = response;
  response.clearCookie(nameFor(req), optionsFor(req));
};

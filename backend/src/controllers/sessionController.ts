import type { ChangePasswordBody, SignInBody } from '@stenograf/contracts/access';
import type { Response } from 'express';
import { AppError } from '../errors';
import { peerAddressOf } from '../middleware/peerAddress';
import {
  clearSessionCookie,
  readSessionCookie,
  setSessionCookie,
} from '../middleware/sessionCookie';
import { presentSession } from '../presenters/accessPresenter';
import type { UserIdentity } from '../services/identity';
import { csrfTokenOf, type OpenedSession, type SessionService } from '../services/sessionService';
import type { Controller } from './route';

export interface SessionController {
  signIn: Controller<object, object, SignInBody>;
  get: Controller;
  signOut: Controller;
  changePassword: Controller<object, object, ChangePasswordBody>;
}

/** @throws AppError `not_found` for a key, which has no session. */
const getSession = ({ locals }: Response): { identity: UserIdentity; token: string } => {
  const { identity, sessionToken: token } = locals;
  if (identity?.kind === 'user' && token !== undefined) return { identity, token };
  throw new AppError('not_found', 'Whoever shows a key has no session.');
};

export const createSessionController = ({
  sessionService,
}: {
  sessionService: SessionService;
}): SessionController => {
  const show = async (
    { identity, token }: { identity: UserIdentity; token: string },
    response: Response,
  ): Promise<void> => {
    const description = await sessionService.describe(identity);
    response.json(presentSession(identity, description, csrfTokenOf(token)));
  };

  const begin = async (opened: OpenedSession, response: Response): Promise<void> => {
    setSessionCookie(response, opened.token, opened.identity.session.expiresAt);
    await show(opened, response);
  };

  return {
    async signIn({ body }, response) {
      const opened =
        'link_token' in body
          ? await sessionService.signInByLink(body.link_token)
          : await sessionService.signIn(body, peerAddressOf(response.req));
      // A session that somebody may have planted or left in this browser ends here.
      const before = readSessionCookie(response.req);
      if (before !== undefined) await sessionService.signOut(before);
      response.status(201);
      await begin(opened, response);
    },
    get: (_request, response) => show(getSession(response), response),
    async signOut(_request, response) {
      await sessionService.signOut(getSession(response).token);
      clearSessionCookie(response);
      response.status(204).end();
    },
    async changePassword({ body: { current_password: current, password } }, response) {
      const { identity } = getSession(response);
      const change = { current, password };
      const address = peerAddressOf(response.req);
      await begin(await sessionService.changePassword(identity, change, address), response);
    },
  };
};

import type {
  ChangePasswordBody,
  CreateApiKeyBody,
  CreateUserBody,
  SetPasswordBody,
  SignInBody,
  UpdateUserBody,
} from '@stenograf/contracts/access';
import type { ApiKeyController } from './controllers/apiKeyController';
import { defineRoute, type Route } from './controllers/route';
import type { SessionController } from './controllers/sessionController';
import type { UserController } from './controllers/userController';
import {
  changePasswordBody,
  createApiKeyBody,
  createUserBody,
  forceQuery,
  setPasswordBody,
  signInBody,
  updateUserBody,
  type ForceQuery,
} from './schemas/accessSchemas';
import { idParams, listQuery, type ListQuery } from './schemas/parameters';

interface IdParams {
  id: number;
}

export interface AccessControllers {
  apiKeys: ApiKeyController;
  users: UserController;
  session: SessionController;
}

/** Read from whoever asks to sign in: no more than a name and a password need. */
const SIGN_IN_BYTES_MAX = 8 * 1024;

const createApiKeyRoutes = (apiKeys: ApiKeyController): Route[] => [
  defineRoute<object, object, CreateApiKeyBody>({
    method: 'post',
    path: '/api/v1/api-keys',
    scope: 'admin',
    body: createApiKeyBody,
    controller: apiKeys.create,
  }),
  defineRoute<object, ListQuery>({
    method: 'get',
    path: '/api/v1/api-keys',
    scope: 'admin',
    query: listQuery,
    controller: apiKeys.list,
  }),
  defineRoute<IdParams, ForceQuery>({
    method: 'delete',
    path: '/api/v1/api-keys/:id',
    scope: 'admin',
    params: idParams,
    query: forceQuery,
    controller: apiKeys.revoke,
  }),
];

const createUserRoutes = (users: UserController): Route[] => [
  defineRoute<object, object, CreateUserBody>({
    method: 'post',
    path: '/api/v1/users',
    scope: 'admin',
    body: createUserBody,
    controller: users.create,
  }),
  defineRoute<object, ListQuery>({
    method: 'get',
    path: '/api/v1/users',
    scope: 'admin',
    query: listQuery,
    controller: users.list,
  }),
  defineRoute<IdParams>({
    method: 'get',
    path: '/api/v1/users/:id',
    scope: 'admin',
    params: idParams,
    controller: users.get,
  }),
  defineRoute<IdParams, ForceQuery, UpdateUserBody>({
    method: 'patch',
    path: '/api/v1/users/:id',
    scope: 'admin',
    params: idParams,
    query: forceQuery,
    body: updateUserBody,
    controller: users.update,
  }),
  defineRoute<IdParams, object, SetPasswordBody>({
    method: 'post',
    path: '/api/v1/users/:id/password',
    scope: 'admin',
    params: idParams,
    body: setPasswordBody,
    controller: users.setPassword,
  }),
  defineRoute<IdParams>({
    method: 'post',
    path: '/api/v1/users/:id/link',
    scope: 'admin',
    params: idParams,
    controller: users.createLink,
  }),
];

const createSessionRoutes = (session: SessionController): Route[] => [
  defineRoute<object, object, SignInBody>({
    method: 'post',
    path: '/api/v1/session',
    scope: 'open',
    body: signInBody,
    bodyBytesMax: SIGN_IN_BYTES_MAX,
    controller: session.signIn,
  }),
  defineRoute({
    method: 'get',
    path: '/api/v1/session',
    scope: 'read',
    controller: session.get,
  }),
  defineRoute({
    method: 'delete',
    path: '/api/v1/session',
    scope: 'read',
    controller: session.signOut,
  }),
  defineRoute<object, object, ChangePasswordBody>({
    method: 'post',
    path: '/api/v1/session/password',
    scope: 'read',
    body: changePasswordBody,
    bodyBytesMax: SIGN_IN_BYTES_MAX,
    controller: session.changePassword,
  }),
];

/** Who may what: keys, people and their sessions. */
export const createAccessRoutes = ({ apiKeys, users, session }: AccessControllers): Route[] => [
  ...createApiKeyRoutes(apiKeys),
  ...createUserRoutes(users),
  ...createSessionRoutes(session),
];

import type {
  ApiKeyDto,
  CreateApiKeyBody,
  CreateUserBody,
  IssuedApiKeyDto,
  SignInLinkDto,
  UpdateUserBody,
  UserDto,
} from '@stenograf/contracts/access';
import type { Requests } from './apiClient';

/** The part of the HTTP API that says who may what; it takes an admin's key. */
export interface AccessClient {
  createKey(body: CreateApiKeyBody): Promise<IssuedApiKeyDto>;
  /** Those that are not revoked, newest first. */
  listKeys(): Promise<ApiKeyDto[]>;
  /** @param force also the last way in of an admin */
  revokeKey(id: number, force: boolean): Promise<void>;
  createUser(body: CreateUserBody): Promise<UserDto>;
  listUsers(): Promise<UserDto[]>;
  updateUser(id: number, change: UpdateUserBody, force: boolean): Promise<UserDto>;
  setPassword(id: number, password: string): Promise<void>;
  createSignInLink(id: number): Promise<SignInLinkDto>;
}

export const createAccessClient = ({ change, listAll }: Requests): AccessClient => {
  const readJson = async <T>(response: Promise<Response>): Promise<T> =>
    (await (await response).json()) as T;
  return {
    createKey: (body) => readJson(change('POST', '/api-keys', body)),
    listKeys: () => listAll('/api-keys'),
    revokeKey: async (id, force) => {
      await change('DELETE', `/api-keys/${id}?force=${force}`);
    },
    createUser: (body) => readJson(change('POST', '/users', body)),
    listUsers: () => listAll('/users'),
    updateUser: (id, body, force) => readJson(change('PATCH', `/users/${id}?force=${force}`, body)),
    setPassword: async (id, password) => {
      await change('POST', `/users/${id}/password`, { password });
    },
    createSignInLink: (id) => readJson(change('POST', `/users/${id}/link`)),
  };
};

import type { UserDto } from '@stenograf/contracts/access';
import type { ApiClient } from './apiClient';

const FIRST_ADMIN = 'admin';

/** What follows `#` never leaves the browser, so that no log of requests holds it. */
const signInUrl = (serviceUrl: string, linkToken: string): string =>
  `${serviceUrl}/#link_token=${linkToken}`;

const findAdmins = async (client: ApiClient): Promise<UserDto[]> => {
  const users = await Array.fromAsync(client.pages('GET /users'));
  return users.filter((user) => user.role === 'admin' && user.disabled_at === null);
};

/** An address that opens one session of this user. */
export const createSignInLink = async (client: ApiClient, id: number): Promise<string> => {
  const { link_token: token } = await client.call('POST /users/:id/link', { params: { id } });
  return signInUrl(client.url, token);
};

const linkFor = async (client: ApiClient, admin: UserDto | undefined): Promise<string> => {
  const body = { name: FIRST_ADMIN, role: 'admin' } as const;
  const user = admin ?? (await client.call('POST /users', { body }));
  return createSignInLink(client, user.id);
};

/** An address that opens one session of an admin, who is made where there is none. */
export const createAdminLink = async (client: ApiClient): Promise<string> =>
  linkFor(client, (await findAdmins(client))[0]);

/** As `createAdminLink`, for as long as no admin can sign in otherwise; then null. */
export const createFirstLink = async (client: ApiClient): Promise<string | null> => {
  const admins = await findAdmins(client);
  return admins.some((admin) => admin.has_password) ? null : linkFor(client, admins[0]);
};

import type { UserDto } from '@stenograf/contracts/access';
import type { ApiClient } from './apiClient';

const FIRST_ADMIN = 'admin';

/** What follows `#` never leaves the browser, so that no log of requests holds it. */
export const signInUrl = (serviceUrl: string, linkToken: string): string =>
  `${serviceUrl}/#link_token=${linkToken}`;

const findAdmins = async ({ access }: ApiClient): Promise<UserDto[]> =>
  (await access.listUsers()).filter((user) => user.role === 'admin' && user.disabled_at === null);

const linkFor = async (client: ApiClient, admin: UserDto | undefined): Promise<string> => {
  const user = admin ?? (await client.access.createUser({ name: FIRST_ADMIN, role: 'admin' }));
  const { link_token: token } = await client.access.createSignInLink(user.id);
  return signInUrl(client.url, token);
};

/** An address that opens one session of an admin, who is made where there is none. */
export const createAdminLink = async (client: ApiClient): Promise<string> =>
  linkFor(client, (await findAdmins(client))[0]);

/** As `createAdminLink`, for as long as no admin can sign in otherwise; then null. */
export const createFirstLink = async (client: ApiClient): Promise<string | null> => {
  const admins = await findAdmins(client);
  return admins.some((admin) => admin.has_password) ? null : linkFor(client, admins[0]);
};

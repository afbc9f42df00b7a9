import type { SessionDto, SignInBody } from '@stenograf/contracts/access';
import type { Role } from '@stenograf/contracts/scopes';
import type { TestApi } from '../http/startApi';

/** Twelve characters, none of them common. */
export const PASSWORD = 'gr8 horse tango';

type Headers = Record<string, string>;

export interface Browser {
  cookie: string;
  csrf: string;
  /** A request under /api/v1 as a page of ours would send it. */
  send(
    path: string,
    init?: Omit<RequestInit, 'headers'> & { headers?: Headers },
  ): Promise<Response>;
}

const COOKIE = /(?:__Host-)?stenograf_session=[^;]*/;

/** The cookie that an answer sets, as a browser would send it back. */
export const cookieOf = (response: Response): string =>
  COOKIE.exec(response.headers.get('set-cookie') ?? '')?.[0] ?? '';

export const postJson = (body: unknown, headers: Headers = {}) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

export const signIn = ({ url }: TestApi, body: SignInBody, headers: Headers = {}) =>
  fetch(`${url}/api/v1/session`, postJson(body, headers));

/** What a browser keeps of the answer to a sign-in. */
export const openBrowser = async (api: TestApi, response: Response): Promise<Browser> => {
  const { csrf_token: csrf } = (await response.json()) as SessionDto;
  const cookie = cookieOf(response);
  return {
    cookie,
    csrf,
    send: (path, { headers, ...init } = {}) =>
      fetch(`${api.url}/api/v1${path}`, {
        ...init,
        headers: { cookie, 'x-csrf-token': csrf, ...headers },
      }),
  };
};

export const addUser = (api: TestApi, name: string, role: Role = 'viewer') =>
  api.userService.createUser({ name, role, password: PASSWORD });

/** A new person who has signed in. */
export const signInAs = async (api: TestApi, name: string, role: Role): Promise<Browser> => {
  await addUser(api, name, role);
  return openBrowser(api, await signIn(api, { name, password: PASSWORD }));
};

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { ProblemDetails } from '@stenograf/contracts/api';
import type { SessionDto } from '@stenograf/contracts/access';
import { createPasswords } from '../../../src/services/passwords';
import { createSessionService } from '../../../src/services/sessionService';
import { createSignInThrottle } from '../../../src/services/signInThrottle';
import { startApi, type TestApi } from '../http/startApi';
import { addUser, cookieOf, openBrowser, PASSWORD, postJson, signIn, signInAs } from './browser';

let api: TestApi;
beforeAll(async () => {
  api = await startApi({ access: { trustProxy: ['loopback'] } });
});
afterAll(() => api.stop());

const problemOf = async (response: Response) => (await response.json()) as ProblemDetails;

/** Attempts of other tests must not count against those of this one. */
let stranger = 0;
const elsewhere = () => ({ 'x-forwarded-for': `192.0.2.${(stranger += 1)}` });

const sessionsOf = async (name: string): Promise<number> =>
  (
    await api.query<{ n: number }>(
      'SELECT count(*) AS n FROM sessions JOIN users ON users.id = user_id WHERE name = $1',
      [name],
    )
  )[0]?.n ?? -1;

describe('who signs in', () => {
  test('gets a session in a cookie that no page can read and no other site can send', async () => {
    await addUser(api, 'vera');
    const response = await signIn(api, { name: 'Vera', password: PASSWORD });
    expect(response.status).toBe(201);
    const cookie = response.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^stenograf_session=[\w-]{43};/);
    for (const attribute of ['HttpOnly', 'SameSite=Strict', 'Path=/']) {
      expect(cookie).toContain(attribute);
    }
    expect(cookie).not.toContain('Secure');
    const session = (await response.json()) as SessionDto;
    expect(session.user).toMatchObject({ name: 'vera', role: 'viewer', has_password: true });
    expect(session.user.last_sign_in_at).not.toBeNull();
    expect(session.sessions).toHaveLength(1);
    expect(JSON.stringify(session)).not.toContain(cookieOf(response).split('=')[1] ?? '');
  });

  test('over https gets a cookie that is bound to https and this host', async () => {
    await addUser(api, 'tls');
    const response = await signIn(
      api,
      { name: 'tls', password: PASSWORD },
      { 'x-forwarded-proto': 'https', 'x-forwarded-for': '192.0.2.250' },
    );
    const cookie = response.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^__Host-stenograf_session=[\w-]{43};/);
    expect(cookie).toContain('Secure');
    expect(cookie).not.toContain('Domain');
    const ask = (headers: Record<string, string>) =>
      fetch(`${api.url}/api/v1/session`, { headers: { cookie: cookieOf(response), ...headers } });
    expect((await ask({ 'x-forwarded-proto': 'https' })).status).toBe(200);
    expect((await ask({})).status).toBe(401);
  });

  test('is found again by the cookie, whose secret is nowhere in the database', async () => {
    const browser = await signInAs(api, 'found', 'operator');
    const session = (await (await browser.send('/session')).json()) as SessionDto;
    expect(session).toMatchObject({ csrf_token: browser.csrf, user: { name: 'found' } });
    const rows = await api.query<{ text: string }>('SELECT s::text AS text FROM sessions s');
    const secret = browser.cookie.split('=')[1] ?? '';
    const inHex = Buffer.from(secret).toString('hex');
    for (const { text } of rows) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain(inHex);
    }
    expect(api.logLines.join('\n')).not.toContain(secret);
    expect(api.logLines.join('\n')).not.toContain(PASSWORD);
  });

  test('gets a new session, and the one that the browser came with ends', async () => {
    const before = await signInAs(api, 'rotated', 'viewer');
    const again = await signIn(
      api,
      { name: 'rotated', password: PASSWORD },
      { cookie: before.cookie },
    );
    expect(cookieOf(again)).not.toBe(before.cookie);
    expect((await before.send('/session')).status).toBe(401);
    expect(await sessionsOf('rotated')).toBe(1);
  });

  test('keeps 20 sessions at most, the newest', async () => {
    const first = await signInAs(api, 'busy', 'viewer');
    for (let round = 0; round < 20; round += 1) {
      await signIn(api, { name: 'busy', password: PASSWORD });
    }
    expect(await sessionsOf('busy')).toBe(20);
    expect((await first.send('/session')).status).toBe(401);
  });
});

describe('who must not sign in', () => {
  test('hears the same, whether the name, the password or the account is wrong', async () => {
    await addUser(api, 'known');
    const { id } = await addUser(api, 'barred');
    await api.userService.updateUser(id, { disabled: true }, { force: false });
    await api.userService.createUser({ name: 'nameless', role: 'viewer' });
    const answers = await Promise.all(
      [
        { name: 'unknown', password: PASSWORD },
        { name: 'known', password: `${PASSWORD}!` },
        { name: 'known', password: '' },
        { name: 'barred', password: PASSWORD },
        { name: 'nameless', password: PASSWORD },
      ].map(async (body) => {
        const response = await signIn(api, body, elsewhere());
        expect(response.headers.get('set-cookie')).toBeNull();
        const { request_id: _, ...problem } = await problemOf(response);
        return problem;
      }),
    );
    expect(answers[0]).toMatchObject({ status: 401, code: 'unauthorized' });
    // An empty text is no password at all.
    expect(answers[2]).toMatchObject({ status: 400 });
    for (const answer of [answers[1], answers[3], answers[4]]) expect(answer).toEqual(answers[0]);
  });

  test('is compared with a hash even where there is no such user', async () => {
    const real = createPasswords({ memoryKib: 64, passes: 1 });
    const compared: (string | null)[] = [];
    const service = createSessionService({
      ...api,
      signInThrottle: createSignInThrottle(api),
      passwords: {
        ...real,
        verify: (password, passwordHash) => {
          compared.push(passwordHash);
          return real.verify(password, passwordHash);
        },
      },
    });
    const attempt = service.signIn({ name: 'nobody', password: PASSWORD }, 'test');
    expect(await attempt.catch(({ code }: { code: string }) => code)).toBe('unauthorized');
    expect(compared).toEqual([null]);
  });

  test.each([
    ['neither', {}],
    ['a name alone', { name: 'x' }],
    ['both ways', { name: 'x', password: 'y', link_token: 'z' }],
    ['a list', { name: ['x'], password: 'y' }],
    ['a query for everything', { name: 'x', password: { $ne: null } }],
    ['more than asked', { name: 'x', password: 'y', role: 'admin' }],
    ['an endless password', { name: 'x', password: 'y'.repeat(300) }],
  ])('by %s is told so before anything is counted', async (_, body) => {
    const response = await fetch(`${api.url}/api/v1/session`, postJson(body));
    expect(response.status).toBe(400);
  });

  test('with a body that no sign-in needs is cut short', async () => {
    const body = { name: 'x', password: 'y'.repeat(10_000) };
    const response = await fetch(`${api.url}/api/v1/session`, postJson(body));
    expect(await problemOf(response)).toMatchObject({
      status: 413,
      detail: 'The body is larger than 8 KB.',
    });
  });
});

describe('a session', () => {
  test('ends with the sign-out, everywhere at once', async () => {
    const browser = await signInAs(api, 'leaving', 'viewer');
    const copy = browser.cookie;
    const answer = await browser.send('/session', { method: 'DELETE' });
    expect(answer.status).toBe(204);
    expect(answer.headers.get('set-cookie')).toMatch(
      /^stenograf_session=;.*Expires=Thu, 01 Jan 1970/,
    );
    const reused = await fetch(`${api.url}/api/v1/session`, { headers: { cookie: copy } });
    expect(reused.status).toBe(401);
  });

  test.each([
    ['nobody used it for 12 hours', "last_seen_at = now() - interval '12 hours'"],
    ['it is as old as its end', 'expires_at = now()'],
  ])('ends when %s', async (name, past) => {
    const user = `old-${name.length}`;
    const browser = await signInAs(api, user, 'viewer');
    expect((await browser.send('/session')).status).toBe(200);
    await api.query(
      `UPDATE sessions SET ${past} WHERE user_id = (SELECT id FROM users WHERE name = $1)`,
      [user],
    );
    expect((await browser.send('/session')).status).toBe(401);
  });

  test('notes its use once a minute, not with each request', async () => {
    const browser = await signInAs(api, 'seen', 'viewer');
    const age = async (set: string) => {
      const of = "user_id = (SELECT id FROM users WHERE name = 'seen')";
      await api.query(`UPDATE sessions SET last_seen_at = now() - interval '${set}' WHERE ${of}`);
      await browser.send('/session');
      const [row] = await api.query<{ s: number }>(
        `SELECT extract(epoch FROM now() - last_seen_at)::int AS s FROM sessions WHERE ${of}`,
      );
      return row?.s ?? -1;
    };
    expect(await age('30 seconds')).toBeGreaterThanOrEqual(30);
    expect(await age('61 seconds')).toBeLessThan(30);
  });

  test('is none for what only looks like one', async () => {
    for (const cookie of [
      'stenograf_session=',
      'stenograf_session=x',
      `stenograf_session=${'a'.repeat(43)}`,
      `stenograf_session=${'a'.repeat(7_000)}`,
      'stenograf_session=%00; stenograf_session=%zz',
    ]) {
      const response = await fetch(`${api.url}/api/v1/session`, { headers: { cookie } });
      expect([cookie.slice(0, 40), response.status]).toEqual([cookie.slice(0, 40), 401]);
    }
  });

  test('is nothing that a key has', async () => {
    expect((await api.send('/session')).status).toBe(404);
    expect((await api.send('/session', { method: 'DELETE' })).status).toBe(404);
  });
});

describe('changing the own password', () => {
  const change = (current: string | undefined, password: string) =>
    postJson({ ...(current === undefined ? {} : { current_password: current }), password });

  test('ends every session of before and keeps this browser signed in by a new one', async () => {
    const here = await signInAs(api, 'changing', 'operator');
    const there = await openBrowser(
      api,
      await signIn(api, { name: 'changing', password: PASSWORD }),
    );
    const changed = await here.send('/session/password', change(PASSWORD, 'new zebra 4 lunch'));
    expect(changed.status).toBe(200);
    const renewed = await openBrowser(api, changed);
    expect((await renewed.send('/session')).status).toBe(200);
    expect((await here.send('/session')).status).toBe(401);
    expect((await there.send('/session')).status).toBe(401);
    expect((await signIn(api, { name: 'changing', password: PASSWORD })).status).toBe(401);
  });

  test('needs the current one, and a good new one', async () => {
    const browser = await signInAs(api, 'wavering', 'viewer');
    const attempt = async (current: string | undefined, password: string) =>
      (await browser.send('/session/password', change(current, password))).status;
    expect(await attempt(undefined, 'new zebra 4 lunch')).toBe(403);
    expect(await attempt('wrong horse tango', 'new zebra 4 lunch')).toBe(403);
    expect(await attempt(PASSWORD, 'password12345')).toBe(400);
    expect(await attempt(PASSWORD, 'wavering-wavering')).toBe(400);
    expect((await browser.send('/session')).status).toBe(200);
  });

  test('is guessed no more often than a sign-in', async () => {
    const browser = await signInAs(api, 'guessed', 'viewer');
    const statuses = [];
    for (let round = 0; round < 11; round += 1) {
      const answer = await browser.send('/session/password', change('no such one', 'x'.repeat(12)));
      statuses.push(answer.status);
    }
    expect(statuses).toEqual([...Array<number>(10).fill(403), 429]);
  });
});

describe('a sign-in link', () => {
  const linkFor = async (name: string) => {
    const { id } = await api.userService.createUser({ name, role: 'admin' });
    return { id, link: (await api.userService.createSignInLink(id)).token };
  };

  test('opens one session, and its user chooses a password', async () => {
    const { link } = await linkFor('invited');
    const response = await signIn(api, { link_token: link });
    expect(response.status).toBe(201);
    const browser = await openBrowser(api, response);
    expect((await signIn(api, { link_token: link })).status).toBe(401);
    const chosen = await browser.send('/session/password', postJson({ password: PASSWORD }));
    expect(chosen.status).toBe(200);
    expect((await signIn(api, { name: 'invited', password: PASSWORD })).status).toBe(201);
  });

  test('opens one session also when it is sent many times at once', async () => {
    const { link } = await linkFor('hasty');
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => signIn(api, { link_token: link })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(await sessionsOf('hasty')).toBe(1);
  });

  test('is kept as its hash, ends by itself, and with the account', async () => {
    const { id, link } = await linkFor('late');
    const stored = await api.query<{ text: string }>('SELECT l::text AS text FROM sign_in_links l');
    expect(JSON.stringify(stored)).not.toContain(link);
    await api.query('UPDATE sign_in_links SET expires_at = now() WHERE user_id = $1', [id]);
    expect((await signIn(api, { link_token: link })).status).toBe(401);
    const { token } = await api.userService.createSignInLink(id);
    await api.userService.updateUser(id, { disabled: true }, { force: false });
    expect((await signIn(api, { link_token: token })).status).toBe(401);
    const another = api.userService.createSignInLink(id);
    expect(await another.catch(({ code }: { code: string }) => code)).toBe('conflict');
  });
});

describe('guessing', () => {
  const guess = (name: string, address: string, on: TestApi = api) =>
    signIn(on, { name, password: 'wrong horse tango' }, { 'x-forwarded-for': address });

  test('on one account from one address ends after 10 attempts, over all processes', async () => {
    await addUser(api, 'target');
    const beside = await startApi({ access: { trustProxy: ['loopback'] }, beside: api });
    try {
      const answers = await Promise.all(
        Array.from({ length: 14 }, (_, n) => guess('target', '198.51.100.1', n % 2 ? api : beside)),
      );
      const tooMany = answers.filter(({ status }) => status === 429);
      expect(tooMany).toHaveLength(4);
      expect(Number(tooMany[0]?.headers.get('retry-after'))).toBeGreaterThan(60);
      const right = { name: 'target', password: PASSWORD };
      const from = (address: string) => ({ 'x-forwarded-for': address });
      expect((await signIn(beside, right, from('198.51.100.1'))).status).toBe(429);
      // Somebody else's guesses do not lock the owner out.
      expect((await signIn(beside, right, from('198.51.100.2'))).status).toBe(201);
    } finally {
      await beside.stop();
    }
  });

  test('on many accounts from one address ends after 50 attempts', async () => {
    const answers = await Promise.all(
      Array.from({ length: 55 }, (_, n) => guess(`nobody-${n}`, '198.51.100.9')),
    );
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(5);
    const [row] = await api.query<{ n: number }>(
      "SELECT count(*) AS n FROM sign_in_attempts s WHERE s::text LIKE '%nobody%'",
    );
    expect(row?.n).toBe(0);
  });

  test('from many addresses of one IPv6 network is guessing from one', async () => {
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, n) => guess('sixth', `2001:db8::${n + 1}`)),
    );
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(2);
  });

  test('starts afresh with a right password and when the window ends', async () => {
    await addUser(api, 'clumsy');
    const from = '198.51.100.20';
    const right = () =>
      signIn(api, { name: 'clumsy', password: PASSWORD }, { 'x-forwarded-for': from });
    for (let round = 0; round < 9; round += 1) await guess('clumsy', from);
    expect((await right()).status).toBe(201);
    for (let round = 0; round < 10; round += 1) await guess('clumsy', from);
    expect((await right()).status).toBe(429);
    await api.query("UPDATE sign_in_attempts SET ends_at = now() - interval '1 second'");
    expect((await right()).status).toBe(201);
  });

  test('hides behind no header that nobody vouches for', async () => {
    const plain = await startApi({ access: { trustProxy: 0 } });
    try {
      const answers = await Promise.all(
        Array.from({ length: 11 }, (_, n) => guess('anyone', `203.0.113.${n}`, plain)),
      );
      expect(answers.filter(({ status }) => status === 429)).toHaveLength(1);
    } finally {
      await plain.stop();
    }
  });
});

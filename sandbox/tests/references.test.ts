import { afterEach, describe, expect, test } from 'bun:test';
import type { GroupsGroupFull, UsersUserFull } from '@vkontakte/api-schema-typescript';
import type { Sandbox } from '../src/createSandbox';
import { askVk, failCode, startSandbox } from './support/client';

let sandbox: Sandbox;
afterEach(() => sandbox.stop());

interface Groups {
  groups: GroupsGroupFull[];
  profiles: unknown[];
}

const getGroups = (group_ids: string, fields = ''): Promise<Groups> =>
  askVk<Groups>(sandbox, 'groups.getById', { group_ids, fields });

describe('groups.getById', () => {
  test('takes numbers, short names in any letters and club<id>; each community comes once', async () => {
    sandbox = await startSandbox({ world: 'quirks' });
    const { groups, profiles } = await getGroups('VETROGOROD,club1,2,public3,noch.teatra');
    expect(groups.map(({ id }) => id)).toEqual([1, 2, 3, 4]);
    expect(profiles).toEqual([]);
    expect(groups[1]).toMatchObject({ screen_name: 'club2', type: 'group', is_closed: 0 });
  });

  test('says what state a community is in', async () => {
    sandbox = await startSandbox({ world: 'quirks' });
    const { groups } = await getGroups('101,102,103,104', 'wall,fixed_post,age_limits');
    expect(groups).toMatchObject([
      { is_closed: 1, wall: 1 },
      { deactivated: 'banned' },
      { deactivated: 'deleted' },
      { wall: 0 },
    ]);
    expect((await getGroups('1', 'fixed_post')).groups[0]?.fixed_post).toBeGreaterThan(0);
  });

  test('drops an unknown number and the vanished one, or fails by a switch', async () => {
    sandbox = await startSandbox({ world: 'quirks' });
    expect((await getGroups('105,424242,1')).groups.map(({ id }) => id)).toEqual([1]);
    await sandbox.stop();
    sandbox = await startSandbox({ world: 'quirks', switches: { unknownGroup: '100' } });
    expect(await failCode(sandbox, 'groups.getById', { group_ids: '1,424242' })).toBe(100);
  });

  test('one bad name, a person, no name and 501 names fail the whole call', async () => {
    sandbox = await startSandbox({ world: 'quirks' });
    const many = Array.from({ length: 501 }, (_, index) => index + 1).join(',');
    for (const group_ids of ['1,net_takogo', 'anna_vetrova', '-1', '', many]) {
      expect(await failCode(sandbox, 'groups.getById', { group_ids })).toBe(100);
    }
  });
});

describe('utils.resolveScreenName', () => {
  const names: Record<string, unknown> = {
    Vetrogorod: { type: 'group', object_id: 1 },
    kniga_i_chay: { type: 'page', object_id: 3 },
    'noch.teatra': { type: 'event', object_id: 4 },
    club2: { type: 'group', object_id: 2 },
    public2: { type: 'group', object_id: 2 },
    ischezlo: { type: 'group', object_id: 105 },
    anna_vetrova: { type: 'user', object_id: 1_000_001 },
    id1000001: { type: 'user', object_id: 1_000_001 },
    igra_dvornik: { type: 'vk_app', object_id: 7_000_001 },
    net_takogo: [],
    club424242: [],
  };
  for (const [screen_name, expected] of Object.entries(names)) {
    test(`${screen_name} is ${JSON.stringify(expected)}`, async () => {
      sandbox = await startSandbox({ world: 'quirks' });
      expect(await askVk<unknown>(sandbox, 'utils.resolveScreenName', { screen_name })).toEqual(
        expected,
      );
    });
  }

  test('an unknown name can be error 104 by a switch; no name is error 100', async () => {
    sandbox = await startSandbox({ switches: { unknownName: '104' } });
    const codeOf = (screen_name: string) =>
      failCode(sandbox, 'utils.resolveScreenName', { screen_name });
    expect(await codeOf('net_takogo')).toBe(104);
    expect(await codeOf('')).toBe(100);
  });
});

describe('users.get', () => {
  test('drops who is unknown, and shows the fields asked for', async () => {
    sandbox = await startSandbox();
    const users = await askVk<UsersUserFull[]>(sandbox, 'users.get', {
      user_ids: '1000001,5,net_takogo,id1000008,anna_vetrova',
      fields: 'screen_name,domain,sex,photo_100,counters',
    });
    expect(users.map(({ id }) => id)).toEqual([1_000_001, 1_000_008, 1_000_001]);
    expect(users[0]).toMatchObject({ screen_name: 'anna_vetrova', domain: 'anna_vetrova' });
    expect(users[0]).toMatchObject({
      counters: [],
      photo_100: expect.stringContaining('https://'),
    });
  });

  test('without ids: the owner of a user token, but no one for a service key', async () => {
    sandbox = await startSandbox();
    const [owner] = await askVk<UsersUserFull[]>(sandbox, 'users.get');
    expect(owner?.id).toBe(1_000_001);
    expect(await failCode(sandbox, 'users.get', { access_token: 'service-fast' })).toBe(100);
    const user_ids = Array.from({ length: 1_001 }, (_, index) => index).join(',');
    expect(await failCode(sandbox, 'users.get', { user_ids })).toBe(100);
  });

  test('some ids are above 2^31', async () => {
    sandbox = await startSandbox();
    expect([...sandbox.world.users.keys()].some((id) => id > 2 ** 31)).toBe(true);
  });
});

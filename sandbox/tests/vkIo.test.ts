import { afterEach, describe, expect, test } from 'bun:test';
import { API, createCollectIterator } from 'vk-io';
import type { Sandbox } from '../src/createSandbox';
import { createWorld } from '../src/world/createWorld';
import { rejection, startSandbox } from './support/client';

let sandbox: Sandbox;
afterEach(() => sandbox.stop());

type Mode = 'sequential' | 'parallel';

const createApi = (apiMode: Mode, token = 'user-fast'): API =>
  new API({ token, apiBaseUrl: sandbox.url, apiMode, apiLimit: 1_000, language: 'ru' });

interface Item {
  id: number;
}

/** All pages of a list, as vk-io's iterator collects them. */
const collect = async (
  api: API,
  method: string,
  params: Record<string, unknown>,
  countPerRequest: number,
) => {
  const pages: Item[][] = [];
  const iterator = createCollectIterator<Item>({ api, method, params, countPerRequest });
  for await (const { items } of iterator) pages.push(items);
  return { ids: pages.flat().map(({ id }) => id), pages: pages.length };
};

/** The post of the world with most root comments. */
const findLongest = () => {
  const posts = [...sandbox.world.communities.values()].flatMap(({ wall }) => wall.posts);
  const longest = posts.toSorted((one, other) => other.roots.length - one.roots.length)[0];
  if (!longest) throw new Error('the world has no post');
  return longest;
};

describe('vk-io from npm works unchanged', () => {
  test('calls of methods, and errors of VK as its own', async () => {
    sandbox = await startSandbox();
    const api = createApi('sequential');
    expect((await api.wall.get({ owner_id: -1, count: 2 })).items).toHaveLength(2);
    expect(await rejection(api.wall.get({ owner_id: -999 }))).toMatchObject({ code: 104 });
  });

  test('parallel mode: many calls in one request, each with its own answer or error', async () => {
    sandbox = await startSandbox({ world: 'quirks' });
    const api = createApi('parallel');
    const answers = await Promise.all([
      api.wall.get({ owner_id: -1, count: 1 }),
      rejection(api.wall.get({ owner_id: -101 })),
      api.users.get({ user_ids: [...sandbox.world.users.keys()].slice(0, 2) }),
      rejection(api.wall.getComments({ owner_id: -1, post_id: 999_999 })),
    ]);
    expect(answers).toEqual([
      expect.objectContaining({ items: [expect.objectContaining({ owner_id: -1 })] }),
      expect.objectContaining({ code: 15, method: 'wall.get' }),
      [expect.anything(), expect.anything()],
      expect.objectContaining({ code: 15, method: 'wall.getComments' }),
    ]);
    expect(sandbox.stats()).toMatchObject({ requests: 1, packs: [4] });
  });

  test('collect reads a wall to its end, 25 pages a request', async () => {
    // Without hidden posts: vk-io takes the length of a page for the step to the next one.
    const posts = Array.from({ length: 130 }, () => ({}));
    sandbox = await startSandbox({
      world: createWorld({ users: 3, communities: [{ id: 1, posts }] }, 7),
    });
    const { ids, pages } = await collect(createApi('sequential'), 'wall.get', { owner_id: -1 }, 2);
    expect(ids).toEqual(sandbox.world.communities.get(1)?.wall.posts.map(({ id }) => id) ?? []);
    expect(pages).toBe(Math.ceil(ids.length / 50));
    expect(sandbox.stats().errorsByCode).toEqual({});
  });

  test('collect reads the comments of a post', async () => {
    sandbox = await startSandbox({ world: 'demo' });
    const { ownerId, id, roots } = findLongest();
    const params = { owner_id: ownerId, post_id: id, sort: 'asc', extended: 1 };
    const { ids } = await collect(createApi('sequential'), 'wall.getComments', params, 5);
    expect(ids).toEqual(roots.filter(({ isHidden }) => !isHidden).map((root) => root.id));
  });

  test('with a key that may not execute, collect goes on call by call', async () => {
    sandbox = await startSandbox();
    const api = createApi('sequential', 'service-fast');
    expect((await collect(api, 'wall.get', { owner_id: -1 }, 5)).ids).toHaveLength(12);
    expect(sandbox.stats().errorsByCode).toEqual({ 28: 1 });
  });
});

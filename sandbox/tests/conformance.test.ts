import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import type { Sandbox } from '../src/createSandbox';
import { METHODS } from '../src/methods/methodTable';
import { VkFailure } from '../src/vk/errors';
import { callVk, startSandbox, type Params } from './support/client';
import {
  normalisePath,
  readRecording,
  readShapes,
  RECORDINGS,
  typesByPath,
} from './support/recordings';
import { readVkSchema, type VkSchema } from './support/vkSchema';

/** Where VK's schema and VK's recorded replies say different things, and whom the sandbox follows. */
interface Verdict {
  /** Of what `VkSchema.departures` tells. */
  at: RegExp;
  /** `reports`: neither, but what users of the API have written down. */
  follow: 'schema' | 'recordings' | 'reports';
  why: string;
}

const VERDICTS: readonly Verdict[] = [
  {
    at: /^response\.items\[\] required (?:from_id|text) got an object/,
    follow: 'recordings',
    why: 'a deleted comment has neither author nor text, as the stub of 2019 shows',
  },
  {
    at: /^response type object got \[\]/,
    follow: 'recordings',
    why: 'an unknown short name is an empty list in place of an object',
  },
  {
    at: /inner_type got an object/,
    follow: 'schema',
    why: 'replies of 2025 have the key; those without it are from 2020 and before',
  },
  {
    at: /photo required has_tags got an object/,
    follow: 'schema',
    why: 'replies of 2025 have the key; the one without it is from 2020',
  },
  {
    at: /attachments\[\]\.poll (?:required \w+ got an object|\.anonymous)/,
    follow: 'schema',
    why: 'the recorded poll is from 2014, and polls were redone in 2018',
  },
  {
    at: /poll\.anonymous type boolean got/,
    follow: 'schema',
    why: 'the recorded poll is from 2014, and polls were redone in 2018',
  },
  {
    at: / type boolean got [01]$/,
    follow: 'reports',
    why: 'flags come as 0 and 1 or as true and false; readers must take both',
  },
  {
    at: / (?:type integer|enum ) got (?:true|false)$/,
    follow: 'reports',
    why: 'flags come as 0 and 1 or as true and false; readers must take both',
  },
  {
    at: /counters type object got \[\]/,
    follow: 'reports',
    why: 'an object with nothing in it is sent as an empty list',
  },
  {
    at: /attachments\[\]\.type enum  got "mini_app"/,
    follow: 'reports',
    why: 'new types of attachments come before the schema knows them',
  },
  {
    at: /album\.id type integer got "\d+"/,
    follow: 'reports',
    why: 'the id of an album is a string on the wire, as SDKs have found',
  },
];

/** Keys that neither the schema nor a recording has at their place. */
const STRANGERS: Readonly<Record<string, string>> = {
  'items[].reactions': 'came beside reaction_set_id in replies of 2025 that could not be kept',
  'items[].track_code': 'came in replies of 2025 that could not be kept',
  real_offset: 'vknet reads it from replies to start_comment_id',
  'items[].attachments[].mini_app': 'payload of a type that the schema does not have',
  'items[].attachments[].sticker': 'the schema names the type and forgets its payload',
  'items[].attachments[].photos_list': 'the payload null was seen by vknet',
  'items[].attachments[].market_market_album': 'the payload under another key was seen by vksdk',
};

/** Calls whose replies are held to the schema; two of each, for the two styles of flags. */
const CALLS: readonly [method: string, definition: string, params: Params][] = [
  ['wall.get', 'wall/responses#wall_get_response', {}],
  ['wall.get', 'wall/responses#wall_get_extended_response', { extended: 1, offset: 60 }],
  ['wall.search', 'wall/responses#wall_search_response', { query: 'город', owners_only: 1 }],
  ['wall.search', 'wall/responses#wall_search_extended_response', { query: '', extended: 1 }],
];

const USER_FIELDS =
  'sex,screen_name,domain,photo_50,photo_200,photo_max,has_photo,online,online_info,verified,' +
  'nickname,status,followers_count,counters,first_name_gen,last_name_ins';
const GROUP_FIELDS =
  'members_count,description,status,site,activity,verified,trending,has_photo,wall,fixed_post,' +
  'can_see_all_posts,can_post,age_limits,counters';

let schema: VkSchema;
let sandbox: Sandbox;
/** Every reply that is looked at, with its definition. */
const replies: { method: string; definition: string; reply: unknown }[] = [];

const ask = async (method: string, definition: string, params: Params): Promise<void> => {
  for (const style of [0, 1]) {
    // The styles take turns from call to call.
    if (style === 1) await callVk(sandbox, 'utils.getServerTime');
    const reply = await callVk<unknown>(sandbox, method, { count: 100, ...params });
    replies.push({ method, definition, reply });
  }
};

const askAboutComments = async (): Promise<void> => {
  const posts = sandbox.world.communities.get(1)?.wall.posts ?? [];
  const shown = posts.filter((post) => post.roots.length > 0 && !post.isHidden);
  for (const { id } of shown.filter(({ commentAccess }) => commentAccess === 'open')) {
    const params = { owner_id: -1, post_id: id, need_likes: 1, thread_items_count: 10 };
    await ask('wall.getComments', 'wall/responses#wall_getComments_response', params);
    const extended = { ...params, extended: 1, start_comment_id: 1, fields: USER_FIELDS };
    await ask('wall.getComments', 'wall/responses#wall_getComments_extended_response', extended);
  }
  const comment_id = shown[0]?.roots[0]?.id ?? 0;
  const one = { owner_id: -1, comment_id };
  await ask('wall.getComment', 'wall/responses#wall_getComment_response', one);
  const extended = { ...one, extended: 1 };
  await ask('wall.getComment', 'wall/responses#wall_getComment_extended_response', extended);
};

const askAboutPosts = async (): Promise<void> => {
  const ids = (sandbox.world.communities.get(1)?.wall.posts ?? []).map(({ id }) => `-1_${id}`);
  sandbox.mutator.deletePost(-1, Number(ids.at(-1)?.slice(3)));
  const posts = ids.slice(-60).join(',');
  await ask('wall.getById', 'wall/responses#wall_getById_response', { posts });
  const extended = { posts, extended: 1, fields: 'members_count' };
  await ask('wall.getById', 'wall/responses#wall_getById_extended_response', extended);
};

const askAboutPeople = async (): Promise<void> => {
  const group_ids = '1,2,3,4,101,102,103,104,424242';
  const groups = { group_ids, fields: GROUP_FIELDS };
  await ask('groups.getById', 'groups/responses#groups_getById_object_response', groups);
  const user_ids = [...sandbox.world.users.keys()].join(',');
  const users = { user_ids, fields: USER_FIELDS, name_case: 'gen' };
  await ask('users.get', 'users/responses#users_get_response', users);
  for (const screen_name of ['vetrogorod', 'net_takogo']) {
    const definition = 'utils/responses#utils_resolveScreenName_response';
    await ask('utils.resolveScreenName', definition, { screen_name });
  }
  await ask('utils.getServerTime', 'utils/responses#utils_getServerTime_response', {});
};

beforeAll(async () => {
  schema = await readVkSchema();
  sandbox = await startSandbox({
    world: 'quirks',
    switches: { deletedPost: 'stub', unknownGroup: 'deactivated' },
  });
  for (const ownerId of [-1, -4]) {
    for (const [method, definition, params] of CALLS) {
      await ask(method, definition, { owner_id: ownerId, fields: 'members_count', ...params });
    }
  }
  await askAboutPosts();
  await askAboutComments();
  await askAboutPeople();
});
afterAll(() => sandbox.stop());

const used = new Set<Verdict>();
const judge = (departure: string): Verdict | undefined => {
  const verdict = VERDICTS.find(({ at }) => at.test(departure));
  if (verdict) used.add(verdict);
  return verdict;
};

describe("VK's schema against VK's recordings", () => {
  for (const [name, definition] of Object.entries(RECORDINGS)) {
    test(`${name}: every difference has its verdict`, async () => {
      const departures = schema.departures(definition, await readRecording(name));
      expect(departures.filter((departure) => !judge(departure))).toEqual([]);
    });
  }

  test('utils.resolveScreenName: an empty list for an unknown name is the one difference', async () => {
    const recorded = (await readRecording('utils.resolveScreenName')) as unknown[];
    const definition = 'utils/responses#utils_resolveScreenName_response';
    const departures = recorded.map((reply) => schema.departures(definition, reply));
    expect(departures).toEqual([[], [], ['response type object got []']]);
    expect(judge(departures[2]?.[0] ?? '')?.follow).toBe('recordings');
  });
});

describe('replies of the sandbox', () => {
  test('every call was answered', () => {
    expect(replies.filter(({ reply }) => !('response' in (reply as object)))).toEqual([]);
    expect(new Set(replies.map(({ method }) => method))).toEqual(new Set(METHODS.keys()));
  });

  test('depart from the schema only where a verdict follows recordings or reports', () => {
    const departures = new Set(
      replies.flatMap(({ method, definition, reply }) =>
        schema.departures(definition, reply).map((departure) => ({ method, departure })),
      ),
    );
    const wrong = [...departures].filter(({ departure }) => {
      const verdict = judge(departure);
      return !verdict || verdict.follow === 'schema';
    });
    expect(wrong).toEqual([]);
  });

  test('have no key that neither the schema nor a recording knows', async () => {
    const recorded = new Set<string>(Object.keys(STRANGERS));
    for (const name of Object.keys(RECORDINGS)) {
      for (const path of typesByPath(await readRecording(name)).keys()) recorded.add(path);
    }
    for (const shape of (await readShapes()).values()) {
      for (const path of typesByPath(shape).keys()) recorded.add(path);
    }
    const strange = replies.flatMap(({ method, definition, reply }) =>
      schema
        .unknownKeys(definition, reply)
        .map((path) => normalisePath(path))
        .filter((path) => !recorded.has(path))
        .map((path) => `${method}: ${path}`),
    );
    expect(new Set(strange)).toEqual(new Set());
  });

  test('have every key that all recorded posts have', async () => {
    const posts: object[] = [];
    for (const name of Object.keys(RECORDINGS).filter((recording) =>
      /wall\.get[-B]/.test(recording),
    )) {
      const { response } = (await readRecording(name)) as { response: { items: object[] } };
      posts.push(...response.items);
    }
    const shared = Object.keys(posts[0] ?? {}).filter((key) => posts.every((post) => key in post));
    expect(shared.length).toBeGreaterThan(8);
    for (const { method, reply } of replies) {
      if (!/^wall\.(?:get|search)$/.test(method)) continue;
      const { items } = (reply as { response: { items: object[] } }).response;
      for (const item of items) expect(Object.keys(item)).toEqual(expect.arrayContaining(shared));
    }
  });

  test('have the types of the replies of 2025, but for flags', async () => {
    const shapes = await readShapes();
    const names: Record<string, string> = { int: 'number', float: 'number', bool: 'boolean' };
    const isFlag = (type: string) => type === 'number' || type === 'boolean';
    for (const [method, shape] of shapes) {
      const ours = replies
        .filter((entry) => entry.method === method)
        .map(({ reply }) => typesByPath(reply));
      expect(ours.length).toBeGreaterThan(0);
      const leaves = [...typesByPath(shape)].filter(([, types]) => types.has('string'));
      for (const [path] of leaves) {
        const named = readLeaf(shape, path);
        const wanted = names[named] ?? named;
        const sent = ours.flatMap((types) => [...(types.get(path) ?? [])]);
        const wrong = sent.filter((type) => type !== wanted && !(isFlag(type) && isFlag(wanted)));
        expect({ method, path, wrong: named === '[...]' ? [] : wrong }).toEqual({
          method,
          path,
          wrong: [],
        });
      }
    }
  });

  test('of 5.131 are bare lists of the same things', async () => {
    const v = '5.131';
    const { response: posts } = await callVk<unknown[]>(sandbox, 'wall.getById', {
      posts: '-1_1,-4_1,-1_2,-1_3',
      v,
    });
    const { response: groups } = await callVk<unknown[]>(sandbox, 'groups.getById', {
      group_ids: '1,102',
      v,
    });
    expect([Array.isArray(posts), groups.length]).toEqual([true, 2]);
    const departures = [
      ...posts.flatMap((post) => schema.departures('wall/objects#wall_wallpost_full', post)),
      ...groups.flatMap((group) => schema.departures('groups/objects#groups_group_full', group)),
    ];
    expect(departures.filter((departure) => judge(departure)?.follow !== 'reports')).toEqual([]);
    const extended = { posts: '-1_1', extended: 1, v };
    expect(await callVk(sandbox, 'wall.getById', extended)).toHaveProperty('response.items');
  });
});

/** The name of a type that a shape has at a path. */
const readLeaf = (shape: unknown, path: string): string => {
  let value = shape;
  for (const key of path.split('.')) {
    const inner = (value as Record<string, unknown>)[key.replace('[]', '')];
    value = key.endsWith('[]') ? (inner as unknown[])[0] : inner;
  }
  return String(value);
};

describe('errors', () => {
  interface SchemaError {
    code: number;
    description: string;
  }
  const readErrors = async (): Promise<SchemaError[]> => {
    const file = join(import.meta.dir, '../fixtures/vk-api-schema/errors.json');
    const { errors } = (await Bun.file(file).json()) as { errors: Record<string, SchemaError> };
    return Object.values(errors);
  };

  test('have the texts of the schema', async () => {
    const known = (await readErrors()).filter(
      ({ code }) => !new VkFailure(code).message.startsWith('Error '),
    );
    expect(known.length).toBeGreaterThan(40);
    const ours = known.map(({ code }) => `${code} ${new VkFailure(code).message}`);
    const theirs = known.map(({ code, description }) => `${code} ${description}`);
    expect(ours).toEqual(theirs);
  });

  test('have the envelope of the recordings', async () => {
    const recorded = (await readRecording('errors')) as { error: object }[];
    const { error } = await callVk(sandbox, 'wall.get', { owner_id: -102 });
    const shared = Object.keys(recorded[0]?.error ?? {});
    expect(Object.keys(error ?? {})).toEqual(shared);
    expect(error?.request_params.slice(0, 2)).toEqual([
      { key: 'oauth', value: '1' },
      { key: 'method', value: 'wall.get' },
    ]);
  });
});

describe('methods', () => {
  test('take the kinds of tokens that the schema names', async () => {
    interface SchemaMethod {
      name: string;
      access_token_type: string[];
    }
    for (const section of ['wall', 'groups', 'users', 'utils']) {
      const file = join(import.meta.dir, `../fixtures/vk-api-schema/${section}/methods.json`);
      const { methods } = (await Bun.file(file).json()) as { methods: SchemaMethod[] };
      for (const { name, access_token_type: kinds } of methods) {
        const ours = METHODS.get(name)?.kinds;
        if (!ours) continue;
        const theirs = kinds.map((kind) => (kind === 'group' ? 'community' : kind));
        expect([name, ...ours.toSorted()]).toEqual([name, ...theirs.toSorted()]);
      }
    }
  });
});

test('no verdict and no stranger is idle', () => {
  expect(VERDICTS.filter((verdict) => !used.has(verdict)).map(({ why }) => why)).toEqual([]);
  const sent = new Set(replies.flatMap(({ reply }) => [...typesByPath(reply).keys()]));
  expect(Object.keys(STRANGERS).filter((path) => !sent.has(path))).toEqual([]);
});

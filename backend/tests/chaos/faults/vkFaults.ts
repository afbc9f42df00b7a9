import { expect } from 'bun:test';
import { gzipSync } from 'node:zlib';
import type { FaultKind } from '@stenograf/sandbox/server/faults';
import { eventually } from '../../support/eventually';
import { type Lane, VK_TIMEOUT_MS } from '../rig/lane';
import { expectNoBreach, expectIntact } from '../rig/judge';
import type { NamedFault } from '../rig/namedFault';
import { closeScene, inMidRun, openScene, reachMore, type Scene } from '../rig/scene';
import { PATIENCE_MS } from '../rig/patience';

const reply = (head: string, body: Buffer | string): Buffer => {
  const bytes = Buffer.from(body);
  return Buffer.concat([
    Buffer.from(`HTTP/1.1 ${head}\r\ncontent-length: ${bytes.byteLength}\r\n\r\n`),
    bytes,
  ]);
};

const JSON_HEAD = '200 OK\r\ncontent-type: application/json';

/** The next requests are answered by somebody else. */
const answered = (answers: Buffer[], to?: string): NamedFault['run'] =>
  inMidRun(async ({ lane }) => {
    for (const answer of answers) {
      const before = lane.proxies.vk.struck();
      lane.proxies.vk.answerInstead(answer, to);
      await eventually(() => lane.proxies.vk.struck() > before, {
        withinMs: PATIENCE_MS,
        what: 'a request to be answered so',
      });
    }
  });

/** Not replies of VK at all, or of shapes that no method has. */
const WRONG_SHAPES = [
  'null',
  '[]',
  '"response"',
  '{}',
  '{"response":"later"}',
  '{"response":{"items":"none","count":-1}}',
  '{"error":"no"}',
];

const MEGABYTE = 1024 * 1024;
const flood = reply(
  `${JSON_HEAD}\r\ncontent-encoding: gzip`,
  gzipSync(Buffer.alloc(64 * MEGABYTE, ' ')),
);

const redirected = async (lane: Lane): Promise<void> => {
  const heard: string[] = [];
  const stranger = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: async (request) => {
      heard.push(request.url, await request.text());
      return Response.json({ response: [] });
    },
  });
  const statuses = ['301 Moved Permanently', '302 Found', '307 Temporary Redirect'];
  const answers = statuses.map((status) =>
    reply(`${status}\r\nlocation: http://127.0.0.1:${stranger.port}/method/wall.get`, ''),
  );
  try {
    await answered(answers)(lane);
    expect(heard).toEqual([]);
  } finally {
    await stranger.stop(true);
  }
};

/** Of each request that VK sees, some get this instead of an answer. */
const byChance = (...kinds: FaultKind[]): NamedFault['run'] =>
  inMidRun(
    async (scene) => {
      const { faults } = scene.lane.collecting.sandbox;
      await eventually(() => faults.struck().length >= 3, {
        withinMs: PATIENCE_MS,
        what: 'three strikes',
      });
    },
    {
      atRequest: 0,
      prepare: ({ collecting: { sandbox } }) => {
        // Counted from here on; a lane remembers what struck before.
        (sandbox.faults.struck() as unknown[]).splice(0);
        sandbox.faults.plan({ chances: kinds.map((kind) => ({ ...kind, share: 0.25 })) });
      },
    },
  );

/** An error storm: all that is asked for a while. What it does to the pace ends with it. */
const tooMany = async (lane: Lane): Promise<void> => {
  const scene = await openScene(lane);
  const { sandbox, container } = lane.collecting;
  sandbox.faults.add({ kind: 'vk-error', code: 6, times: 4 });
  await eventually(() => sandbox.faults.pending() === 0, {
    withinMs: PATIENCE_MS,
    what: 'the storm',
  });
  const paces = await container.redis.keys('*:pace');
  await closeScene(scene);
  await container.redis.del(...paces);
};

const untilGivenUp = ({ workers }: Scene): Promise<unknown> => {
  const timeouts = (): number =>
    workers.flatMap(({ log }) => log.filter((line) => line.includes('"timeout"'))).length;
  return eventually(() => timeouts() > 1, {
    withinMs: PATIENCE_MS,
    what: 'requests to be given up',
  });
};

const silent = inMidRun(async (scene) => {
  scene.lane.proxies.vk.set({ isSilent: true });
  await untilGivenUp(scene);
});

const away = inMidRun(async (scene) => {
  scene.lane.proxies.vk.set({ isDown: true });
  const failures = (): number =>
    scene.workers.flatMap(({ log }) => log.filter((line) => line.includes('"network"'))).length;
  await eventually(() => failures() > 1, { withinMs: PATIENCE_MS, what: 'requests to fail' });
});

const slow = inMidRun(async (scene) => {
  scene.lane.proxies.vk.set({ latencyMs: 800 });
  await reachMore(scene, 4);
});

const dripping = inMidRun(async (scene) => {
  scene.lane.proxies.vk.set({ dripBytes: 40 });
  await reachMore(scene, 3);
});

const cutInBody = inMidRun(async (scene) => {
  const { vk } = scene.lane.proxies;
  for (const bytes of [20, 400]) {
    const before = vk.struck();
    vk.cutAnswerAfter(bytes);
    await eventually(() => vk.struck() > before, {
      withinMs: PATIENCE_MS,
      what: 'an answer to be cut',
    });
  }
});

/** Every one of them is asked for again, so that VK has answered it twice in the end. */
const tooLate = inMidRun(async (scene) => {
  scene.lane.proxies.vk.set({ latencyMs: VK_TIMEOUT_MS + 300 });
  await untilGivenUp(scene);
});

const oneRevoked = async (lane: Lane): Promise<void> => {
  await lane.workers(0);
  const [token, other] = [lane.issueToken(), lane.issueToken()];
  const env = { VK_TOKENS: `user:${token},user:${other}` };
  await Promise.all([lane.start('worker', { env }), lane.start('worker', { env })]);
  const scene = await openScene(lane);
  lane.collecting.sandbox.tokens.revoke(token);
  await closeScene(scene);
  await lane.workers(0);
};

const allRevoked = async (lane: Lane): Promise<void> => {
  await lane.workers(0);
  const token = lane.issueToken();
  await lane.start('worker', { env: { VK_TOKENS: `user:${token}` } });
  const scene = await openScene(lane, { workers: 1 });
  const { sandbox, waitForEnd } = lane.collecting;
  sandbox.tokens.revoke(token);
  expect(await waitForEnd(scene.job.taskId)).toMatchObject({
    status: 'waiting',
    waitingFor: 'token',
    reasonKind: 'token_invalid',
  });
  await expectNoBreach(lane);
  await lane.workers(0);
  // A person has set another one.
  await lane.workers(1);
  await expectIntact(lane, scene.job);
};

const error = (code: number): FaultKind => ({ kind: 'vk-error', code });

export const VK_FAULTS: NamedFault[] = [
  {
    id: 'F34',
    name: 'VK answers error 6 to all requests for a while',
    holds: 'no call is given up',
    ways: ['singles'],
    run: tooMany,
  },
  {
    id: 'F36',
    name: 'VK answers errors 1, 10 and 36 to every other request',
    run: byChance(error(1), error(10), error(36)),
  },
  {
    id: 'F36b',
    name: 'VK answers status 500, 502 and 503 to every other request',
    run: byChance(...[500, 502, 503].map((status): FaultKind => ({ kind: 'http', status }))),
  },
  { id: 'F36c', name: 'VK cannot be reached', run: away },
  {
    id: 'F38',
    name: 'one of two tokens is revoked in the middle of a run',
    holds: 'the other one goes on',
    run: oneRevoked,
  },
  {
    id: 'F38b',
    name: 'the only token is revoked in the middle of a run',
    holds: 'the task waits for a token, and goes on by itself with the next one',
    run: allRevoked,
  },
  {
    id: 'F42',
    name: 'VK answers HTML with status 200, empty bodies and half of its JSON now and then',
    run: byChance({ kind: 'html-200' }, { kind: 'empty-body' }, { kind: 'truncated-json' }),
  },
  {
    id: 'F42b',
    name: 'VK answers JSON of shapes that no method has',
    run: answered(WRONG_SHAPES.map((body) => reply(JSON_HEAD, body))),
  },
  { id: 'F43', name: 'answers of VK break off in the middle of their body', run: cutInBody },
  {
    id: 'F43b',
    name: 'VK resets, closes and shortens its answers now and then',
    run: byChance({ kind: 'reset' }, { kind: 'close' }, { kind: 'truncated-body' }),
  },
  { id: 'F44', name: 'VK takes requests and never answers', run: silent },
  { id: 'F44b', name: 'answers of VK drip in', run: dripping },
  { id: 'F44c', name: 'answers of VK come 800 ms late', run: slow },
  {
    id: 'F45',
    name: 'an answer of VK about comments unpacks to 64 MB',
    holds: 'reading stops at the bound',
    ways: ['singles'],
    run: answered([flood], '/wall.getComments'),
  },
  {
    id: 'F45b',
    name: 'the answer to a pack unpacks to 64 MB',
    holds: 'reading stops at the bound',
    ways: ['packs'],
    run: answered([flood], '/execute'),
  },
  {
    id: 'F55',
    name: 'VK redirects to another host',
    holds: 'that host hears nothing, least of all the token',
    run: redirected,
  },
  {
    id: 'F56',
    name: 'answers of VK come after their requests were given up',
    holds: 'nothing is counted twice',
    run: tooLate,
  },
];

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test';
import type { ReasonKind } from '@stenograf/contracts/reasons';
import type { WaitingFor } from '@stenograf/contracts/statuses';
import type { SandboxToken } from '@stenograf/sandbox/limits/tokens';
import type { Fault, FaultKind } from '@stenograf/sandbox/server/faults';
import pLimit from 'p-limit';
import type { TaskSnapshot } from '../../src/repositories/snapshots';
import { startWorker } from '../../src/worker';
import { type Collecting, createCollecting } from '../support/collecting';
import { eventually } from '../support/eventually';
import { createFaultCases, expectSentences, type FaultCases, vkError } from '../support/faultCases';
import { createManyWalls } from '../support/manyWalls';
import { byKey } from '../support/records';
import { truthOf } from '../support/truthOf';

/** More than any run could meet. */
const ALWAYS = 100_000;

describe('a fault that stays is told once the tries are used up:', () => {
  let cases: FaultCases;
  beforeAll(async () => {
    cases = await createFaultCases(12, { VK_ATTEMPTS_MAX: '2', VK_TIMEOUT_MS: '400' });
  }, 60_000);
  afterAll(() => cases.collecting.stop());
  afterEach(() => cases.collecting.sandbox.faults.clear());

  test.each([
    ['code 1', vkError(1), 'vk_unavailable', 1],
    ['code 10', vkError(10), 'vk_unavailable', 10],
    ['an unknown code', vkError(987_654), 'vk_error', 987_654],
    ['HTML with status 200', { kind: 'html-200' }, 'vk_unavailable', null],
    ['JSON that stops in the middle', { kind: 'truncated-json' }, 'vk_unavailable', null],
    ['status 413', { kind: 'http', status: 413 }, 'vk_unavailable', null],
    ['status 502', { kind: 'http', status: 502 }, 'vk_unavailable', null],
    ['a reset connection', { kind: 'reset' }, 'vk_unreachable', null],
    ['a reply that stalls', { kind: 'stall', ms: 5_000 }, 'vk_unreachable', null],
  ] satisfies [string, FaultKind, ReasonKind, number | null][])(
    '%s',
    async (_name, fault, reasonKind, reasonCode) => {
      const faults = [{ ...fault, method: 'wall.get', times: ALWAYS }];
      const { task, target, communityId } = await cases.collectUnder(faults);
      expect(task.status).toBe('failed');
      expect(target).toMatchObject({ status: 'failed', reasonKind, reasonCode });
      expectSentences(target);
      await cases.expectReadable(communityId);
    },
  );

  test('comments that VK never gives leave the posts stored and the target partial', async () => {
    const fault: Fault = { ...vkError(10), method: 'wall.getComments', times: ALWAYS };
    const { task, target, communityId } = await cases.collectUnder([fault]);
    const { posts } = cases.collecting.sandbox.truth({ communities: [communityId] });
    expect(task.status).toBe('partial');
    expect(target).toMatchObject({
      status: 'partial',
      reasonKind: 'vk_unavailable',
      reasonCode: 10,
    });
    expect(target.metrics).toMatchObject({ posts: posts.length, comments: 0 });
    expect(target.problems.length).toBe(posts.filter(({ comments }) => comments > 0).length);
    expectSentences(target);
    await cases.expectReadable(communityId);
  });

  test('packs that never arrive are replaced by single calls', async () => {
    const fault: Fault = { kind: 'http', status: 500, method: 'execute', times: ALWAYS };
    const collected = await cases.collectUnder([fault]);
    expect(collected.task.status).toBe('completed');
    await cases.expectComplete(collected);
  });
});

const TOKEN: SandboxToken = { token: 'sandbox-user-token', kind: 'user', rps: 1_000 };
const SERVICE_KEY: SandboxToken = { token: 'sandbox-service-key', kind: 'service', rps: 1_000 };

/** Runs at the same time: they mostly wait, but each has its pools of connections. */
const few = pLimit(8);

/** A run of its own: what happens to a token is remembered as long as its process lives. */
const createTokenCase = async (
  tokens: readonly SandboxToken[],
  faults: readonly Fault[],
): Promise<Collecting> => {
  const collecting = await createCollecting({
    sandbox: { world: createManyWalls(1), tokens },
    tokens: tokens.map(({ kind, token }) => `${kind}:${token}`).join(','),
    env: { VK_USER_RPS: '60', VK_SERVICE_RPS: '60', VK_ATTEMPTS_MAX: '3' },
    withWorker: false,
  });
  for (const fault of faults) collecting.sandbox.faults.add(fault);
  return collecting;
};

const expectComplete = async ({ sandbox, exportAll }: Collecting): Promise<void> =>
  expect(byKey(await exportAll())).toEqual(truthOf(sandbox));

/** What a person is told of a task that waits. */
interface Wait {
  waitingFor: WaitingFor;
  reasonKind: ReasonKind;
}

const expectWaiting = async (
  { container }: Collecting,
  task: TaskSnapshot,
  wait: Wait,
): Promise<void> => {
  expect(task).toMatchObject({ status: 'waiting', ...wait });
  const { items } = await container.taskService.listTargets(task.id, { limit: 2 });
  expect(items).toMatchObject([{ status: 'waiting', ...wait }]);
  // What only a person can change has no time at which it goes on.
  expect(items.map(({ waitingUntil }) => waitingUntil === null)).toEqual([
    wait.waitingFor === 'token',
  ]);
  items.forEach(expectSentences);
};

/** Goes on once a person has helped and had the token checked. */
const expectGoesOn = async (collecting: Collecting, task: TaskSnapshot): Promise<void> => {
  const { container, sandbox, config } = collecting;
  sandbox.faults.clear();
  const worker = await startWorker(config);
  const { items } = await container.vkTokenService.listTokens({ limit: 1 });
  for (const { id } of items) await container.vkTokenService.checkToken(id);
  const isCompleted = async (): Promise<boolean> =>
    (await container.taskService.getTask(task.id)).status === 'completed';
  await eventually(isCompleted, { withinMs: 30_000, what: 'the end of the task' });
  await expectComplete(collecting);
  await worker.stop();
};

describe('what is held against a token makes the task wait and go on from there:', () => {
  const wrongKind = 'Application authorization failed: method is unavailable with service token';
  const wrongAddress = 'User authorization failed: access_token was given to another ip address.';
  const cases: [code: number, text: string | undefined, wait: Wait][] = [
    [2, undefined, { waitingFor: 'token', reasonKind: 'app_disabled' }],
    [3, undefined, { waitingFor: 'token', reasonKind: 'no_token' }],
    [5, undefined, { waitingFor: 'token', reasonKind: 'token_invalid' }],
    [5, wrongAddress, { waitingFor: 'token', reasonKind: 'token_ip' }],
    [
      8,
      'Invalid request: Application is blocked',
      { waitingFor: 'token', reasonKind: 'app_disabled' },
    ],
    [14, undefined, { waitingFor: 'captcha', reasonKind: 'captcha' }],
    [17, undefined, { waitingFor: 'token', reasonKind: 'token_confirmation' }],
    [28, wrongKind, { waitingFor: 'token', reasonKind: 'no_token' }],
    [29, undefined, { waitingFor: 'quota', reasonKind: 'quota' }],
    [1051, undefined, { waitingFor: 'token', reasonKind: 'no_token' }],
    [1117, undefined, { waitingFor: 'token', reasonKind: 'token_invalid' }],
  ];
  for (const method of ['wall.get', 'wall.getComments']) {
    test.concurrent.each(cases)(
      `${method}, code %d, %p`,
      (code, text, wait) =>
        few(async () => {
          const faults = [{ ...vkError(code, text), method, times: ALWAYS }];
          const collecting = await createTokenCase([TOKEN], faults);
          const worker = await startWorker(collecting.config);
          const task = await collecting.collect({ communities: ['club1'] });
          await expectWaiting(collecting, task, wait);
          await worker.stop();
          await expectGoesOn(collecting, task);
          await collecting.stop();
        }),
      60_000,
    );
  }
});

describe('a token that cannot go on is helped out or rests a moment:', () => {
  const refused = (code: number, method: string): SandboxToken => ({
    ...TOKEN,
    refuses: { [method]: code },
  });
  const cases: [name: string, tokens: SandboxToken[], faults: Fault[]][] = [
    ['code 6, twice', [TOKEN], [{ ...vkError(6), times: 2 }]],
    ['status 429', [TOKEN], [{ kind: 'http', status: 429 }]],
    ['code 5, once', [TOKEN], [{ ...vkError(5), method: 'wall.get' }]],
    ['code 9', [TOKEN], [{ ...vkError(9), method: 'wall.getComments' }]],
    ...[3, 20, 21, 23, 27, 28, 1051].map((code): [string, SandboxToken[], Fault[]] => [
      `code ${code} to every pack`,
      [TOKEN],
      [{ ...vkError(code), method: 'execute', times: ALWAYS }],
    ]),
    ['a method refused to one of two (1051)', [refused(1051, 'wall.getComments'), SERVICE_KEY], []],
    ['a method refused to one of two (3)', [refused(3, 'wall.get'), SERVICE_KEY], []],
    ['the quota of one of two', [{ ...TOKEN, quotas: { 'wall.getComments': 2 } }, SERVICE_KEY], []],
    ['one of two revoked', [{ ...TOKEN, revoked: true }, SERVICE_KEY], []],
    [
      'a community key beside a user token',
      [{ token: 'key', kind: 'community', rps: 1_000 }, TOKEN],
      [],
    ],
  ];
  test.concurrent.each(cases)(
    '%s',
    (_name, tokens, faults) =>
      few(async () => {
        const collecting = await createTokenCase(tokens, faults);
        const worker = await startWorker(collecting.config);
        const task = await collecting.collect({ communities: ['club1'] });
        expect(task).toMatchObject({ status: 'completed', waitingFor: null, reasonKind: null });
        await expectComplete(collecting);
        await worker.stop();
        await collecting.stop();
      }),
    60_000,
  );
});

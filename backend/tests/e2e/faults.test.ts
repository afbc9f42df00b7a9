import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test';
import type { ReasonKind } from '@stenograf/contracts/reasons';
import type { Fault, FaultKind } from '@stenograf/sandbox/server/faults';
import { QueryTypes } from 'sequelize';
import { createFaultCases, expectSentences, type FaultCases, vkError } from '../support/faultCases';

let cases: FaultCases;

beforeAll(async () => {
  cases = await createFaultCases(80, { VK_ATTEMPTS_MAX: '4', VK_TIMEOUT_MS: '400' });
}, 60_000);
afterAll(() => cases.collecting.stop());
afterEach(() => cases.collecting.sandbox.faults.clear());

const expectAllStruck = (): void => expect(cases.collecting.sandbox.faults.pending()).toBe(0);

/** Strikes the first request of each kind that a run makes. */
const onEach = (fault: FaultKind, methods: readonly string[]): Fault[] =>
  methods.map((method) => ({ ...fault, method }));

const onTheWire = (name: string, fault: FaultKind): [string, Fault[]] => [
  name,
  onEach(fault, ['groups.getById', 'wall.get', 'execute', 'execute']),
];

describe('a fault that passes costs nothing but another try:', () => {
  test.each([
    onTheWire('HTML with status 200', { kind: 'html-200' }),
    onTheWire('JSON that stops in the middle', { kind: 'truncated-json' }),
    onTheWire('a body shorter than promised', { kind: 'truncated-body' }),
    onTheWire('an empty body', { kind: 'empty-body' }),
    onTheWire('a reset connection', { kind: 'reset' }),
    onTheWire('a reply that stalls', { kind: 'stall', ms: 5_000 }),
    onTheWire('a reply that comes too late', { kind: 'slow', ms: 5_000 }),
    onTheWire('status 500', { kind: 'http', status: 500 }),
    onTheWire('status 502', { kind: 'http', status: 502 }),
    onTheWire('status 503', { kind: 'http', status: 503 }),
    ['a pack too large to send', onEach({ kind: 'http', status: 413 }, ['execute', 'execute'])],
    ['a pack too large to answer', onEach({ kind: 'too-big' }, ['execute', 'execute'])],
  ])('%s', async (_name, faults) => {
    const collected = await cases.collectUnder(faults);
    expectAllStruck();
    expect(collected.task.status).toBe('completed');
    expect(collected.task.metrics.errors).toBe(faults.length);
    await cases.expectComplete(collected);
  });

  test.each([1, 10, 32, 36, 43, 987_654])(
    'code %d, of a call, a pack, a call in it',
    async (code) => {
      const methods = ['groups.getById', 'wall.get', 'execute', 'wall.getComments'];
      const collected = await cases.collectUnder(onEach(vkError(code), methods));
      expectAllStruck();
      expect(collected.task.status).toBe('completed');
      await cases.expectComplete(collected);
    },
  );
});

describe('a pack that is refused as a whole is sent as single calls:', () => {
  const codes = [7, 8, 11, 12, 13, 15, 18, 19, 30, 100, 103, 104, 203, 212];
  test.each(codes)('code %d', async (code) => {
    const collected = await cases.collectUnder([{ ...vkError(code), method: 'execute' }]);
    expectAllStruck();
    expect(collected.task.status).toBe('completed');
    await cases.expectComplete(collected);
  });
});

type Verdict = [code: number, text: string | undefined, kind: ReasonKind];

describe('what VK says of a wall is the reason of its target:', () => {
  const verdicts: Verdict[] = [
    [7, undefined, 'access_denied'],
    [15, undefined, 'access_denied'],
    [15, 'Access denied: wall is disabled', 'wall_disabled'],
    [15, 'Access denied: group is blocked', 'community_banned'],
    [15, 'Access denied: this wall available only for community members', 'community_closed'],
    [15, 'Access denied: user deactivated', 'community_deleted'],
    [18, undefined, 'community_deleted'],
    [19, undefined, 'community_banned'],
    [23, undefined, 'rejected_by_vk'],
    [30, undefined, 'community_closed'],
    [40, undefined, 'not_found'],
    [100, undefined, 'rejected_by_vk'],
    [103, undefined, 'rejected_by_vk'],
    [104, undefined, 'not_found'],
    [125, undefined, 'not_found'],
    [203, undefined, 'community_closed'],
  ];
  test.each(verdicts)('code %d, %p: %s', async (code, text, kind) => {
    const fault: Fault = { ...vkError(code, text), method: 'wall.get' };
    const { task, target, communityId } = await cases.collectUnder([fault]);
    expect(task.status).toBe('failed');
    expect(target).toMatchObject({ status: 'failed', reasonKind: kind, reasonCode: code });
    expectSentences(target);
    await cases.expectReadable(communityId);
  });
});

const listReasons = (targetId: number) =>
  cases.collecting.container.sequelize.query(
    `SELECT state, reason_kind AS kind, reason_code AS code FROM walks
     WHERE target_id = $1 AND reason_kind IS NOT NULL AND reason_kind <> 'counted_zero'`,
    { bind: [targetId], type: QueryTypes.SELECT },
  );

describe('a post whose comments VK does not give is complete, and says why:', () => {
  const verdicts: Verdict[] = [
    [15, 'Access denied: post was not found check post_id param', 'post_gone'],
    [15, 'Access denied: post or comment deleted', 'post_gone'],
    [210, undefined, 'post_gone'],
    [211, undefined, 'comments_closed'],
    [212, undefined, 'comments_closed'],
  ];
  test.each(verdicts)('code %d, %p: %s', async (code, text, kind) => {
    const fault: Fault = { ...vkError(code, text), method: 'wall.getComments' };
    const { task, target, communityId } = await cases.collectUnder([fault]);
    expect(task.status).toBe('completed');
    expect(await listReasons(target.id)).toEqual([{ state: 'done', kind, code }]);
    await cases.expectReadable(communityId);
  });
});

describe('a post whose comments cannot be read leaves the others alone and its target partial:', () => {
  test.each([
    [7, 'access_denied'],
    [15, 'access_denied'],
    [23, 'rejected_by_vk'],
    [100, 'rejected_by_vk'],
    [103, 'rejected_by_vk'],
    [213, 'access_denied'],
  ] satisfies [number, ReasonKind][])('code %d: %s', async (reasonCode, reasonKind) => {
    const fault: Fault = { ...vkError(reasonCode), method: 'wall.getComments' };
    const { task, target, communityId } = await cases.collectUnder([fault]);
    const { posts } = cases.collecting.sandbox.truth({ communities: [communityId] });
    expect(task.status).toBe('partial');
    expect(target).toMatchObject({ status: 'partial', reasonKind, reasonCode });
    expect(target.problems).toMatchObject([{ kind: 'comments', reasonKind, reasonCode }]);
    expect(target.metrics.posts).toBe(posts.length);
    expectSentences(target);
    await cases.expectReadable(communityId);
  });
});

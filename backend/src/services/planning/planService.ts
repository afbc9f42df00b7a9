import type { CreateTaskBody } from '@stenograf/contracts/api';
import { AppError } from '../../errors';
import type { TargetReason } from '../../repositories/claimRepository';
import type { VkQuotaRepository } from '../../repositories/vkQuotaRepository';
import { VkError, VkWaitError } from '../../vkApi/errors';
import { parseReference, referenceKey } from '../../vkApi/references';
import type { VkApi } from '../../vkApi/types';
import { createCommunityLoader } from '../collecting/communityLoader';
import { resolveTarget } from '../collecting/resolveTarget';
import type { CollectScope } from '../collecting/readWall';
import { toCollectScope, toNewTask } from '../taskScope';
import type { VkCall } from '../collecting/vkCall';
import { sampleComments } from './commentSample';
import { costOf, type CostOptions, type PlanCost } from './cost';
import { estimateCommunity, scaleUp, type CommunitySample, type Estimate } from './estimate';
import { selectScope, sampleWall } from './wallSample';

export interface PlannedTask extends Estimate {
  /** Communities that can be read, and of how many of them something was looked at. */
  communities: { usable: number; sampled: number };
  /** Lines that will fail, with the reason as the task will give it. */
  unusable: { ref: string; reason: TargetReason }[];
  cost: PlanCost;
}

export interface PlanService {
  /**
   * Looks at a few pages of up to 20 of the communities and says what the whole will take; stores
   * nothing.
   * @throws AppError `conflict` when no token can ask VK now, `validation_failed` for dates that
   *   make no sense; the signal's reason.
   */
  plan(body: CreateTaskBody, signal: AbortSignal): Promise<PlannedTask>;
}

const COMMUNITIES_SAMPLED_MAX = 20;
/** People wait for the answer. */
const PRIORITY = 1;
/** Communities whose names and ids a worker asks for in one call. */
const COMMUNITIES_PER_CALL = 16;

type Answer = { ref: string; key: string } & (
  { ownerId: number; postId: number | null } | { reason: TargetReason }
);

/** Evenly over the list, so that a list sorted by size is no trap. */
const choose = <Item>(items: Item[], max: number): Item[] =>
  items.filter(
    (_, index) =>
      Math.floor((index * max) / items.length) !== Math.floor(((index - 1) * max) / items.length),
  );

const toReason = (error: unknown): TargetReason => {
  if (!(error instanceof VkError)) throw error;
  return { kind: error.kind, code: error.code };
};

const askLine = async (
  ref: string,
  call: VkCall,
  loader: ReturnType<typeof createCommunityLoader>,
): Promise<Answer> => {
  const reference = parseReference(ref);
  const key = reference.type === 'rejected' ? ref : referenceKey(reference);
  try {
    const { community, failure } = await resolveTarget(ref, call, loader);
    if (!community) return { ref, key, reason: failure };
    const postId = reference.type === 'post' ? reference.postId : null;
    return { ref, key: `${community.id} ${postId ?? ''}`, ownerId: -community.id, postId };
  } catch (error) {
    return { ref, key, reason: toReason(error) };
  }
};

const sampleOne = async (
  ownerId: number,
  scope: CollectScope,
  call: VkCall,
): Promise<CommunitySample> => {
  const sample = selectScope(await sampleWall(ownerId, scope, call), scope);
  const shape = scope.collectComments ? await sampleComments(ownerId, sample.posts, call) : null;
  return { scope: sample, shape };
};

/** Its comments are known only to who reads it. */
const ONE_POST: Estimate = { posts: 1, comments: 0, calls: { 'wall.getById': 1 } };

/** What was found out about lines and walls, before it is added up. */
interface Look {
  distinct: Answer[];
  walls: number;
  looked: number;
  estimates: Estimate[];
  unreadable: PlannedTask['unusable'];
}

const lookAt = async (refs: string[], scope: CollectScope, call: VkCall): Promise<Look> => {
  const loader = createCommunityLoader();
  const answers = await Promise.all([...new Set(refs)].map((ref) => askLine(ref, call, loader)));
  const distinct = [...new Map(answers.map((answer) => [answer.key, answer])).values()];
  const walls = distinct.filter((answer) => 'ownerId' in answer);
  const chosen = choose(walls, COMMUNITIES_SAMPLED_MAX);
  const wanted = { comments: scope.collectComments, threads: scope.collectThreads };
  const unreadable: PlannedTask['unusable'] = [];
  const estimates = await Promise.all(
    chosen.map(async ({ ref, ownerId, postId }): Promise<Estimate[]> => {
      if (postId !== null) return [ONE_POST];
      try {
        return [estimateCommunity(await sampleOne(ownerId, scope, call), wanted)];
      } catch (error) {
        unreadable.push({ ref, reason: toReason(error) });
        return [];
      }
    }),
  );
  return {
    distinct,
    walls: walls.length,
    looked: chosen.length,
    estimates: estimates.flat(),
    unreadable,
  };
};

const addUp = ({ distinct, walls, looked, estimates, unreadable }: Look) => {
  // Of those not looked at as many are closed as of those that were.
  const usable = Math.round((walls * estimates.length) / Math.max(1, looked));
  const estimate = scaleUp(estimates, usable);
  const asked = Math.ceil(distinct.length / COMMUNITIES_PER_CALL);
  const refused = distinct.flatMap((answer) =>
    'reason' in answer ? [{ ref: answer.ref, reason: answer.reason }] : [],
  );
  return {
    ...estimate,
    calls: { ...estimate.calls, 'groups.getById': asked },
    communities: { usable, sampled: estimates.length },
    unusable: [...refused, ...unreadable],
  };
};

/** A plan that cannot be made now is no failure of anybody. */
const toAppError = (error: unknown, now: Date): unknown => {
  if (!(error instanceof VkWaitError)) return error;
  const { waitingFor, until, kind, code } = error;
  const retryAfterS = until && Math.max(1, Math.ceil((until.getTime() - now.getTime()) / 1_000));
  return new AppError('conflict', 'VK cannot be asked now.', {
    cause: error,
    wait: { waitingFor, until, kind, code },
    ...(retryAfterS === null ? {} : { retryAfterS }),
  });
};

interface PlanServiceDependencies {
  vkApi: VkApi;
  vkQuotaRepository: VkQuotaRepository;
  pace: Pick<CostOptions, 'rps' | 'jitterMs' | 'dailyCaps'>;
  now?: () => Date;
}

export const createPlanService = ({
  vkApi,
  vkQuotaRepository,
  pace,
  now = () => new Date(),
}: PlanServiceDependencies): PlanService => ({
  async plan(body, signal) {
    const scope = toCollectScope(toNewTask(body, now()));
    const call: VkCall = (method, params) =>
      vkApi.call(method, params, { groupKey: 'plan', priority: PRIORITY, signal });
    const plan = await lookAt(body.communities, scope, call)
      .then(addUp)
      .catch((error: unknown) => {
        throw toAppError(error, now());
      });
    const quotas = await vkQuotaRepository.list(Object.keys(pace.dailyCaps));
    return { ...plan, cost: costOf(plan.calls, { ...pace, quotas, tokens: vkApi.tokens() }) };
  },
});

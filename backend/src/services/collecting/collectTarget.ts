import type { ReasonKind } from '@stenograf/contracts/reasons';
import type { ClaimedTarget, TargetEnd } from '../../repositories/claimRepository';
import type { WalkOutcomeRepository } from '../../repositories/walkOutcomeRepository';
import type { WallOwnerRepository } from '../../repositories/wallOwnerRepository';
import { VkError, VkWaitError } from '../../vkApi/errors';
import type { VkApi } from '../../vkApi/types';
import {
  assertMine,
  createCommitter,
  LostTargetError,
  type CommitRepositories,
  type Committer,
} from './committer';
import { ErasureKeyError } from '../erasing/erasureKey';
import { storeCommunities } from '../erasing/storeNames';
import type { CommunityLoader } from './communityLoader';
import { nameAuthors } from './nameAuthors';
import type { RawMode } from './normalise';
import { resolveTarget } from './resolveTarget';
import type { CollectScope } from './readWall';
import type { VkCall } from './vkCall';
import { runWalks } from './walkRunner';

export interface CollectSettings {
  raw: RawMode;
  walksMax: number;
  leaseMs: number;
}

export interface CollectDependencies extends CommitRepositories {
  wallOwnerRepository: WallOwnerRepository;
  walkOutcomeRepository: WalkOutcomeRepository;
  vkApi: VkApi;
  loader: CommunityLoader;
  settings: CollectSettings;
  nowMs: () => number;
}

/** Reasons that pass by themselves: such lists are tried once more at the end. */
const PASSING: ReasonKind[] = ['vk_unavailable', 'vk_unreachable', 'unproven', 'vk_error'];

/** The target went to another one, or is held by another task: nothing is left to do here. */
const GONE = 'gone';

const firstWalk = (target: ClaimedTarget, ownerId: number) => ({
  kind: target.postId === null ? ('wall' as const) : ('post' as const),
  ownerId,
  postId: target.postId ?? 0,
  rootId: 0,
});

/** Finds out whose wall it is, once; a target that was begun before knows it. */
const settle = async (
  target: ClaimedTarget,
  call: VkCall,
  committer: Committer,
  deps: CollectDependencies,
): Promise<TargetEnd | typeof GONE | null> => {
  if (target.ownerId !== null && (await deps.walkRepository.hasAny(target.id))) return null;
  let ownerId = target.ownerId;
  if (ownerId === null) {
    const { community, failure } = await resolveTarget(target.refs[0] ?? '', call, deps.loader);
    if (community === null) return { status: 'failed', reason: failure };
    await storeCommunities(deps, [community]);
    ownerId = -community.id;
    // What this cost is written while the target is surely ours: it may be gone with the next step.
    await committer.flush();
  }
  const outcome = await deps.wallOwnerRepository.settleOwner(target, ownerId);
  if (outcome !== 'settled') return GONE;
  const walk = firstWalk(target, ownerId);
  await deps.withTransaction(undefined, async (transaction) => {
    await assertMine({ ...deps, target }, transaction);
    await deps.walkRepository.insertMany(target.id, [walk], transaction);
  });
  return null;
};

/** What is still worth a second try once nothing is open any more. */
const reopen = (target: ClaimedTarget, deps: CollectDependencies): Promise<boolean> =>
  deps.withTransaction(undefined, async (transaction) => {
    await assertMine({ ...deps, target }, transaction);
    const walks = deps.walkOutcomeRepository;
    const failed = await walks.reopenFailed(target.id, PASSING, transaction);
    const believed = await walks.reopenCountedZero(target.id, transaction);
    const suspects = await walks.openSuspects(target.id, transaction);
    return failed + believed + suspects > 0;
  });

const endOf = async (target: ClaimedTarget, walks: WalkOutcomeRepository): Promise<TargetEnd> => {
  const failed = await walks.findFailed(target.id);
  if (failed === null) return { status: 'completed' };
  const reason = { kind: failed.reasonKind, code: failed.reasonCode };
  const isUnread = failed.kind === 'wall' || (failed.kind === 'post' && target.postId !== null);
  const hasRead = !isUnread || (await walks.countDone(target.id)) > 0;
  return { status: hasRead ? 'partial' : 'failed', reason };
};

/** @param hasRead every list was read before this happened: only names are missing */
const endAfter = (error: unknown, hasRead: boolean): TargetEnd | null => {
  if (error instanceof VkWaitError) {
    const { kind, code, waitingFor, until } = error;
    return { status: 'waiting', reason: { kind, code }, waitingFor, waitingUntil: until };
  }
  if (error instanceof ErasureKeyError) {
    return { status: 'failed', reason: { kind: 'erasures_unreadable', code: null } };
  }
  if (error instanceof VkError) {
    const reason = { kind: error.kind, code: error.code };
    return { status: hasRead ? 'partial' : 'failed', reason };
  }
  return null;
};

/**
 * Collects a claimed target to its end: whose wall it is, the wall, the comments, the threads, the
 * names of their authors. Whatever stops it, what was committed stands and the next claim goes on.
 *
 * @returns how to let go of the target, or null when it is no longer ours.
 * @throws whatever is neither VK's word nor the loss of the target.
 */
export const collectTarget = async (
  target: ClaimedTarget,
  scope: CollectScope,
  deps: CollectDependencies,
  control: AbortController,
): Promise<TargetEnd | null> => {
  const { vkApi, walkRepository, walkOutcomeRepository, settings } = deps;
  const committer = createCommitter({ ...deps, target, leaseMs: settings.leaseMs });
  const call: VkCall = (method, params, signal = control.signal) =>
    vkApi.call(method, params, {
      groupKey: String(target.id),
      priority: target.priority,
      signal,
      onSpent: committer.spend,
    });
  let firstCause: unknown;
  let hasRead = false;
  const stop = (cause: unknown): void => {
    firstCause ??= cause;
    control.abort(cause);
  };
  const readAll = async (): Promise<void> => {
    for (;;) {
      const open = await walkRepository.listOpen(target.id);
      if (open.length > 0) {
        const context = { call, scope, raw: settings.raw };
        const { signal } = control;
        await runWalks(open, { context, committer, walksMax: settings.walksMax, signal, stop });
      } else if (!(await reopen(target, deps))) {
        return;
      }
    }
  };
  try {
    const end = await settle(target, call, committer, deps);
    if (end === GONE) return null;
    if (end === null) {
      await readAll();
      hasRead = true;
      await nameAuthors({ ...deps, taskId: target.taskId, call });
    }
    await committer.flush();
    return end ?? (await endOf(target, walkOutcomeRepository));
  } catch (error) {
    const cause = firstCause ?? error;
    if (cause instanceof LostTargetError) return null;
    const end = endAfter(cause, hasRead);
    if (end === null) throw cause;
    await committer.flush();
    return end;
  }
};

import { expect } from 'bun:test';
import type { Fault, FaultKind } from '@stenograf/sandbox/server/faults';
import { presentTarget } from '../../src/presenters/taskPresenter';
import type { TargetSnapshot, TaskSnapshot } from '../../src/repositories/snapshots';
import { type Collecting, createCollecting } from './collecting';
import { createManyWalls } from './manyWalls';
import { byKey } from './records';
import { truthOf } from './truthOf';

export interface CollectedUnder {
  task: TaskSnapshot;
  target: TargetSnapshot;
  communityId: number;
}

/** Runs of one worker over communities that are all alike, each struck by faults of its own. */
export interface FaultCases {
  collecting: Collecting;
  /** Collects a community that no other case has seen, while the faults strike. */
  collectUnder(faults: readonly Fault[]): Promise<CollectedUnder>;
  /** All that the task was to bring is stored, as the sandbox lists it. */
  expectComplete(collected: Pick<CollectedUnder, 'task' | 'communityId'>): Promise<void>;
  /** Nothing is spoilt: once the faults are gone the same community can be read whole. */
  expectReadable(communityId: number): Promise<void>;
}

export const createFaultCases = async (
  cases: number,
  env: Record<string, string>,
): Promise<FaultCases> => {
  const collecting = await createCollecting({
    sandbox: {
      world: createManyWalls(cases),
      tokens: [{ token: 'sandbox-user-token', kind: 'user', rps: 1_000 }],
    },
    tokens: 'user:sandbox-user-token',
    env: { VK_USER_RPS: '60', ...env },
  });
  let lastId = 0;

  const expectComplete: FaultCases['expectComplete'] = async ({ task, communityId }) => {
    const exported = byKey(await collecting.exportAll(task.id));
    expect(exported).toEqual(truthOf(collecting.sandbox, [communityId]));
  };

  return {
    collecting,
    collectUnder: async (faults) => {
      lastId += 1;
      for (const fault of faults) collecting.sandbox.faults.add(fault);
      const task = await collecting.collect({ communities: [`club${lastId}`] });
      const { items } = await collecting.container.taskService.listTargets(task.id, { limit: 2 });
      const [target] = items;
      if (!target) throw new Error('The task has no target.');
      return { task, target, communityId: lastId };
    },
    expectComplete,
    expectReadable: async (communityId) => {
      collecting.sandbox.faults.clear();
      const task = await collecting.collect({ communities: [`club${communityId}`] });
      expect(task.status).toBe('completed');
      await expectComplete({ task, communityId });
    },
  };
};

/** An error of VK; `message` stands for its whole text. */
export const vkError = (code: number, message?: string): FaultKind =>
  message === undefined ? { kind: 'vk-error', code } : { kind: 'vk-error', code, msg: message };

/** For people: a sentence in their language, and nothing of how it came about. */
export const expectSentences = (target: TargetSnapshot): void => {
  for (const language of ['ru', 'en'] as const) {
    const { reason, problems } = presentTarget(target, language);
    for (const sentence of [reason, ...problems.map((problem) => problem.reason)]) {
      expect(sentence).toMatch(language === 'ru' ? /^[А-ЯЁ][^\n]+$/ : /^[A-Z][^\n]+$/);
      expect(sentence).not.toMatch(/error:|\bat \S+[:(]|undefined|null|https?:/i);
    }
  }
};

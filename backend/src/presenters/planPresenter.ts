import type { PlanDto } from '@stenograf/contracts/api';
import { reasonSentence, type Language } from '@stenograf/contracts/reasons';
import type { PlannedTask } from '../services/planning/planService';

const round = Math.round;

export const presentPlan = (
  { communities, posts, comments, calls, cost, unusable }: PlannedTask,
  language: Language,
): PlanDto => {
  const methods = Object.fromEntries(
    Object.entries(calls).map(([method, count]) => [method, round(count)]),
  );
  return {
    communities,
    posts: round(posts),
    comments: round(comments),
    calls: { total: Object.values(methods).reduce((sum, count) => sum + count, 0), methods },
    requests: round(cost.requests),
    seconds: round(cost.seconds),
    quota: cost.quota.map(({ method, calls: count, left, share }) => ({
      method,
      calls: round(count),
      left,
      share: round(share * 1_000) / 1_000,
    })),
    unusable: unusable.map(({ ref, reason: { kind, code } }) => ({
      ref,
      kind,
      code,
      reason: reasonSentence(kind, language, code),
    })),
  };
};

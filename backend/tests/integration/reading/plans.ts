import type { Select } from '../../../src/repositories/select';

/** One step of how PostgreSQL carried out a statement. */
export interface PlanNode {
  type: string;
  /** The table that it reads, if it reads one. */
  relation: string | null;
  index: string | null;
  /** Rows that it looked at, all its repetitions together; those it threw away included. */
  rows: number;
  /** A step that the settings forbid, and that was the only way. */
  disabled: boolean;
}

interface Explained {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  'Rows Removed by Index Recheck'?: number;
  Disabled?: boolean;
  Plans?: Explained[];
}

const toNodes = (plan: Explained): PlanNode[] => {
  const removed =
    (plan['Rows Removed by Filter'] ?? 0) + (plan['Rows Removed by Index Recheck'] ?? 0);
  const node: PlanNode = {
    type: plan['Node Type'],
    relation: plan['Relation Name'] ?? null,
    index: plan['Index Name'] ?? null,
    rows: (plan['Actual Rows'] + removed) * plan['Actual Loops'],
    disabled: plan.Disabled ?? false,
  };
  return [node, ...(plan.Plans ?? []).flatMap(toNodes)];
};

/** Carries the statement out. */
export const readPlan = async (
  select: Select,
  sql: string,
  bind: unknown[],
): Promise<PlanNode[]> => {
  const rows = await select<{ 'QUERY PLAN': [{ Plan: Explained }] }>(
    `EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) ${sql}`,
    bind,
  );
  return rows.flatMap((row) => toNodes(row['QUERY PLAN'][0].Plan));
};

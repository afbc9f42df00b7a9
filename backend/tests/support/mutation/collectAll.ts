import type { TargetStatus } from '@stenograf/contracts/statuses';
import { QueryTypes } from 'sequelize';
import type { Container } from '../../../src/container';
import type { Handover, SchedulePlan } from './plan';
import type { MutationRig } from './rig';

const ENDED: readonly TargetStatus[] = ['completed', 'partial', 'failed', 'cancelled'];

/** Another target holds the wall, or the worker that lost its lease has not noticed yet. */
const TRY_AGAIN_MS = 5;

const statusOf = async ({ sequelize }: Container, targetId: number): Promise<TargetStatus> => {
  const [row] = await sequelize.query<{ status: TargetStatus }>(
    'SELECT status FROM targets WHERE id = $1',
    { bind: [targetId], type: QueryTypes.SELECT },
  );
  if (!row) throw new Error(`There is no target ${targetId}.`);
  return row.status;
};

const endLease = ({ sequelize }: Container, targetId: number): Promise<unknown> =>
  sequelize.query(
    `UPDATE targets SET lease_until = now() - interval '1 second'
     WHERE id = $1 AND status = 'running'`,
    { bind: [targetId], type: QueryTypes.UPDATE },
  );

interface Run {
  rig: MutationRig;
  communityId: number;
  plan: SchedulePlan;
}

/** Resolves after so many pages of the wall, at the latest with the work itself. */
const waitForPages = (
  { rig, communityId }: Run,
  pages: number,
  work: Promise<void>,
): Promise<void> => {
  const came = Promise.withResolvers<void>();
  let left = pages;
  const stop = rig.onPage(communityId, () => {
    left -= 1;
    if (left === 0) came.resolve();
  });
  return Promise.race([came.promise, work]).finally(stop);
};

/**
 * Has a target collected to its end, from worker to worker as planned.
 * @returns how often it went from hand to hand
 */
export const collectAll = async (
  run: Run,
  targetId: number,
  firstTurn: number,
): Promise<number> => {
  const { rig, plan } = run;
  const handovers = [...plan.handovers];
  /** Workers that lost the target and may not know it yet. */
  const late = new Set<Promise<void>>();
  let turn = firstTurn;

  const workerOf = (index: number): Container => {
    const worker = rig.workers[plan.workers[index % plan.workers.length] ?? 0];
    if (!worker) throw new RangeError('The plan knows workers that there are not.');
    return worker;
  };

  const takeTurn = async (worker: Container, handover: Handover | undefined): Promise<void> => {
    const control = new AbortController();
    const work = worker.vkService.collectTarget(targetId, control.signal);
    if (!handover) return work;
    late.add(work);
    if (handover.kind === 'race') {
      late.add(workerOf(turn + 1).vkService.collectTarget(targetId, control.signal));
    }
    await waitForPages(run, handover.afterPages, work);
    if (handover.kind === 'leaseLost') return void (await endLease(worker, targetId));
    if (handover.kind === 'stop') control.abort(new Error('The worker stops.'));
    return work;
  };

  for (;;) {
    const worker = workerOf(turn);
    await takeTurn(worker, handovers.shift());
    turn += 1;
    if (ENDED.includes(await statusOf(worker, targetId))) break;
    await Bun.sleep(TRY_AGAIN_MS);
  }
  await Promise.all(late);
  return plan.handovers.length - handovers.length;
};

import type { CreateTaskBody, PlanDto } from '@stenograf/contracts/api';
import { findService, startInProcess } from '../client/connection';
import { EXIT } from '../output/cliError';
import { renderPlan } from '../output/planTable';
import type { CommandContext } from './context';
import type { ServiceOptions } from './serviceOptions';

/** As the task itself would end, as far as the plan can tell. */
const exitCodeOfPlan = ({ communities, unusable }: PlanDto): number => {
  if (unusable.length === 0) return EXIT.complete;
  return communities.usable > 0 ? EXIT.partial : EXIT.failed;
};

/** Says what a task would take, without making it. @returns the exit code. */
export const planTask = async (
  body: CreateTaskBody,
  options: ServiceOptions,
  context: CommandContext,
): Promise<number> => {
  const { print, note, outColors: colors, language, sentences, interrupt } = context;
  const connection =
    (await findService(options, context)) ??
    (await startInProcess({ withWorker: false, needTokens: true }, context));
  try {
    note(sentences.plan.asking);
    // As long as the pace of the tokens makes it.
    const plan = await connection.client.call(
      'POST /tasks/plan',
      { body },
      { signal: interrupt.signal },
    );
    if (options.json) print(JSON.stringify({ plan }));
    else print(renderPlan(plan, { colors, language, sentences }).join('\n'));
    return exitCodeOfPlan(plan);
  } finally {
    await connection.release();
  }
};

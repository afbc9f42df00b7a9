import type { Switches } from '../vk/switches';
import type { LoggedChange, Mutator } from './changes';
import { createWorld } from './createWorld';
import type { Edits } from './edit';
import { COMMENT_EDITS } from './editComments';
import { POST_EDITS } from './editPosts';
import type { Community, World } from './model';

const EDITS: Edits = {
  ...POST_EDITS,
  ...COMMENT_EDITS,
  setCommunityState: ({ community, step }, _communityId, state) => {
    if (state === 'open' && community.state !== 'open') community.openSince = step;
    community.state = state;
  },
};

const getCommunity = ({ communities }: World, id: number): Community => {
  const community = communities.get(id);
  if (!community) throw new RangeError(`the world has no community ${id}`);
  return community;
};

/** How far the world's own clock moves with each mutation. */
const STEP_S = 7;

const applyChange = (
  world: World,
  { deletedLeaf }: Pick<Switches, 'deletedLeaf'>,
  op: keyof Mutator,
  args: unknown[],
): unknown => {
  const id = Number(args[0]);
  const community = getCommunity(world, op === 'setCommunityState' ? id : -id);
  const before = { step: world.step, now: world.now };
  world.step += 1;
  world.now += STEP_S;
  community.wall.views.clear();
  const { wall } = community;
  const edit = { world, community, wall, step: world.step, deletedLeaf };
  const run = EDITS[op] as (...args: unknown[]) => unknown;
  try {
    const result = run(edit, ...args);
    const at = new Date(world.now * 1_000).toISOString();
    const change = { op, args: structuredClone(args) } as LoggedChange;
    world.log.push({ ...change, step: world.step, at });
    return result;
  } catch (error) {
    // Edits look up before they change anything: there is nothing else to take back.
    Object.assign(world, before);
    throw error;
  }
};

const MUTATION_NAMES = Object.keys(EDITS) as (keyof Mutator)[];

/**
 * Every mutation is one step, moves the world's clock by some seconds and is logged.
 * @throws RangeError from each change when the world has no such community, post or comment
 */
export const createMutator = (world: World, switches: Pick<Switches, 'deletedLeaf'>): Mutator =>
  Object.fromEntries(
    MUTATION_NAMES.map((op) => [
      op,
      (...args: unknown[]) => applyChange(world, switches, op, args),
    ]),
  ) as unknown as Mutator;

/**
 * The world as it was after `step` mutations, built anew from its plan and its log. What a program
 * changed without the mutator is not in it.
 * @throws RangeError for a step that has not been
 */
export const worldAt = (
  world: World,
  step: number,
  switches: Pick<Switches, 'deletedLeaf'>,
): World => {
  if (!Number.isInteger(step) || step < 0 || step > world.step) {
    throw new RangeError(`the world has had ${world.step} steps, not ${step}`);
  }
  const earlier = createWorld(world.plan, world.seed);
  for (const { op, args } of world.log) {
    if (earlier.step >= step) break;
    applyChange(earlier, switches, op, args);
  }
  return earlier;
};

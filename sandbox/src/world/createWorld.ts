import { buildPosts } from './buildPosts';
import type { Writers } from './buildComments';
import { communityScreenName, type Community, type User, type World } from './model';
import { transliterate } from './names';
import { inventUsers } from './people';
import type { CommunityPlan, WorldPlan } from './plan';
import { createRandom } from './random';
import { planWorld, type WorldSize } from './sizes';

/** The world stands still at this moment; only mutations move it. */
const LAST_POST_AT = Date.UTC(2026, 10, 20, 12) / 1_000;

const NAMES = [
  'Ветрогород',
  'Книга и чай',
  'Велосевер',
  'Двор на Садовой',
  'Ночной театр',
  'Пекарня «Ёлка» 🎄',
  'Маяк & Ко',
] as const;

const nameOf = ({ id, name }: CommunityPlan): string =>
  name ?? NAMES[(id - 1) % NAMES.length] ?? 'Сообщество';

const createCommunity = (plan: CommunityPlan): Community => ({
  id: plan.id,
  name: nameOf(plan),
  latinName: transliterate(nameOf(plan)),
  screenName: plan.screenName ?? null,
  type: plan.type ?? 'group',
  state: plan.state ?? 'open',
  members: 100 + plan.id * 37,
  description: 'Придуманное сообщество песочницы. Все совпадения случайны.',
  isBystander: plan.isBystander ?? false,
  openSince: 0,
  wall: {
    ownerId: -plan.id,
    posts: [],
    postById: new Map(),
    commentById: new Map(),
    gonePosts: new Map(),
    goneComments: new Map(),
    pinnedId: null,
    lastId: 0,
    views: new Map(),
  },
});

const createWriters = (users: readonly User[], communities: readonly Community[]): Writers => {
  const names = new Map<number, string>([
    ...users.map((user) => [user.id, user.firstName] as const),
    ...communities.map((community) => [-community.id, community.name] as const),
  ]);
  const idsOf = (those: (user: User) => boolean): number[] =>
    users.filter((user) => those(user)).map(({ id }) => id);
  return {
    users: users.map(({ id }) => id),
    deactivated: idsOf((user) => user.deactivated !== null),
    leftOut: idsOf((user) => user.leftOutOfProfiles),
    bystanders: communities.filter(({ isBystander }) => isBystander).map(({ id }) => id),
    nameOf: (id) => names.get(id) ?? 'Гость',
  };
};

const fillWall = (
  seed: number,
  plan: CommunityPlan,
  community: Community,
  writers: Writers,
): number => {
  const draft = {
    wall: community.wall,
    shape: createRandom(seed, `shape ${plan.twinLabel ?? plan.id}`),
    words: createRandom(seed, `words ${plan.id}`),
    writers,
    now: LAST_POST_AT,
  };
  buildPosts(draft, plan.posts);
  return draft.now;
};

const APP_ID = 7_000_001;

const nameScreens = (world: World, plan: WorldPlan): void => {
  const [firstUser] = world.users.values();
  if (firstUser && plan.personName) firstUser.screenName = plan.personName;
  for (const user of world.users.values()) {
    if (user.screenName) world.screenNames.set(user.screenName, { type: 'user', id: user.id });
  }
  for (const community of world.communities.values()) {
    const name = communityScreenName(community).toLowerCase();
    world.screenNames.set(name, { type: 'group', id: community.id });
  }
  if (plan.appName) world.screenNames.set(plan.appName, { type: 'vk_app', id: APP_ID });
};

/**
 * Builds a world, wholly in memory: the same plan and seed give the same world, byte for byte.
 * @throws RangeError when the plan has posts but nobody to write them.
 */
export const createWorld = (size: WorldSize | WorldPlan, seed: number): World => {
  const plan = typeof size === 'string' ? planWorld(size, seed) : size;
  const users = inventUsers(seed, plan.users);
  const communities = plan.communities.map((community) => createCommunity(community));
  const world: World = {
    seed,
    plan: size,
    log: [],
    communities: new Map(communities.map((community) => [community.id, community])),
    users: new Map(users.map((user) => [user.id, user])),
    screenNames: new Map(),
    now: LAST_POST_AT,
    step: 0,
  };
  const writers = createWriters(users, communities);
  for (const communityPlan of plan.communities) {
    const community = world.communities.get(communityPlan.id);
    if (!community) continue;
    world.now = Math.max(world.now, fillWall(seed, communityPlan, community, writers));
  }
  nameScreens(world, plan);
  return world;
};

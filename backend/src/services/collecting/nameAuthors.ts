import type { ReasonKind } from '@stenograf/contracts/reasons';
import type { AuthorRepository } from '../../repositories/authorRepository';
import type { CommunityRepository } from '../../repositories/communityRepository';
import { VkError } from '../../vkApi/errors';
import type { WithTransaction } from '../../repositories/withTransaction';
import type { ErasureGuard } from '../erasing/erasureGuard';
import { storeAuthors, storeCommunities } from '../erasing/storeNames';
import type { CommunityLoader } from './communityLoader';
import { toAuthor } from './normalise';
import { toObjects } from './vkFields';
import type { VkCall } from './vkCall';

/** Most ids that users.get takes at once. */
const USERS_MAX = 1_000;

/** Rounds that one run spends on names; what VK does not know stays an id. */
const ROUNDS_MAX = 20;

const NOBODY: ReadonlySet<ReasonKind> = new Set<ReasonKind>(['not_found', 'rejected_by_vk']);

interface NameAuthorsOptions {
  taskId: number;
  call: VkCall;
  loader: CommunityLoader;
  authorRepository: AuthorRepository;
  communityRepository: CommunityRepository;
  withTransaction: WithTransaction;
  erasureGuard: ErasureGuard;
}

/** VK may say "invalid user id" (113) where it knows none of them: then they stay without names. */
const askUsers = async (
  call: VkCall,
  ids: number[],
): Promise<{ reply: unknown; fetchedAt: Date }> => {
  try {
    return await call('users.get', { user_ids: ids.join(','), fields: 'screen_name' });
  } catch (error) {
    if (!(error instanceof VkError) || !NOBODY.has(error.kind)) throw error;
    return { reply: [], fetchedAt: new Date() };
  }
};

const namePeople = async (options: NameAuthorsOptions): Promise<void> => {
  const { taskId, call, authorRepository } = options;
  const asked = new Set<number>();
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const ids = await authorRepository.listUnnamed(taskId, USERS_MAX);
    const fresh = ids.filter((id) => !asked.has(id));
    if (fresh.length === 0) return;
    fresh.forEach((id) => asked.add(id));
    const { reply, fetchedAt } = await askUsers(call, fresh);
    await storeAuthors(
      options,
      toObjects(reply).flatMap((item) => toAuthor(item, fetchedAt) ?? []),
    );
  }
};

const nameCommunities = async (options: NameAuthorsOptions): Promise<void> => {
  const ids = await options.authorRepository.listUnnamedCommunities(options.taskId, USERS_MAX);
  const found = await Promise.all(ids.map((id) => options.loader.load(String(id), options.call)));
  await storeCommunities(
    options,
    found.flatMap((community) => community ?? []),
  );
};

/** Asks VK for the names of those who wrote and whom no page's `profiles` or `groups` named. */
export const nameAuthors = async (options: NameAuthorsOptions): Promise<void> => {
  await namePeople(options);
  await nameCommunities(options);
};

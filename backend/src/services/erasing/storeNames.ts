import type { AuthorInput, AuthorRepository } from '../../repositories/authorRepository';
import type { CommunityInput, CommunityRepository } from '../../repositories/communityRepository';
import type { WithTransaction } from '../../repositories/withTransaction';
import { eraseInCommunity } from './erasedRows';
import type { ErasureGuard } from './erasureGuard';

interface Guarded {
  withTransaction: WithTransaction;
  erasureGuard: ErasureGuard;
}

/** Stores people, but for those who were erased. @throws ErasureKeyError */
export const storeAuthors = async (
  {
    withTransaction,
    erasureGuard,
    authorRepository,
  }: Guarded & { authorRepository: AuthorRepository },
  authors: AuthorInput[],
): Promise<void> => {
  if (authors.length === 0) return;
  await withTransaction(undefined, async (transaction) => {
    const erased = await erasureGuard.hold(transaction);
    const kept = erased ? authors.filter(({ id }) => !erased.has(id)) : authors;
    await authorRepository.upsertMany(kept, transaction);
  });
};

/** Stores communities without the names of erased people. @throws ErasureKeyError */
export const storeCommunities = async (
  {
    withTransaction,
    erasureGuard,
    communityRepository,
  }: Guarded & { communityRepository: CommunityRepository },
  communities: CommunityInput[],
): Promise<void> => {
  if (communities.length === 0) return;
  await withTransaction(undefined, async (transaction) => {
    const erased = await erasureGuard.hold(transaction);
    const kept = erased
      ? communities.map((community) => eraseInCommunity(community, erased))
      : communities;
    await communityRepository.upsertMany(kept, transaction);
  });
};

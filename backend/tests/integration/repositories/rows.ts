import type { AuthorInput } from '../../../src/repositories/authorRepository';
import type { CommentInput } from '../../../src/repositories/commentRepository';
import type { CommunityInput } from '../../../src/repositories/communityRepository';
import type { PostInput } from '../../../src/repositories/postRepository';
import type { NewTarget } from '../../../src/repositories/targetRepository';
import { stableHash } from '../../../src/services/collecting/stableHash';
import type { Repositories } from './openRepositories';

/** Readings of VK as the engine makes them, with overrides; the hash is that of the content. */

const READ_AT = new Date('2026-05-01T12:00:00.000Z');

/** Some seconds after the first reading. */
export const readAfter = (seconds: number): Date => new Date(READ_AT.getTime() + seconds * 1_000);

const hashed = <Content extends { fetchedAt: Date; raw?: unknown }>(
  content: Content,
): Content & { contentHash: number } => {
  const { fetchedAt: _fetchedAt, raw: _raw, ...counted } = content;
  return { ...content, contentHash: stableHash(counted) };
};

export const aPost = (overrides: Partial<PostInput> = {}): PostInput =>
  hashed({
    ownerId: -1,
    id: 1,
    fromId: -1,
    date: new Date('2026-01-01T10:00:00.000Z'),
    text: 'Запись',
    postType: 'post',
    likes: 3,
    reposts: 1,
    views: 100,
    comments: 2,
    isPinned: false,
    markedAsAds: false,
    signerId: null,
    editedAt: null,
    attachments: [],
    copyHistory: [],
    geo: null,
    raw: null,
    fetchedAt: READ_AT,
    ...overrides,
  });

export const aComment = (overrides: Partial<CommentInput> = {}): CommentInput =>
  hashed({
    ownerId: -1,
    id: 10,
    postId: 1,
    fromId: 77,
    date: new Date('2026-01-01T11:00:00.000Z'),
    text: 'Комментарий',
    likes: 0,
    threadRootId: null,
    replyToCommentId: null,
    replyToUserId: null,
    isDeleted: false,
    attachments: [],
    raw: null,
    fetchedAt: READ_AT,
    ...overrides,
  });

/** What VK leaves in place of a deleted comment: neither author nor text. */
export const aStub = (overrides: Partial<CommentInput> = {}): CommentInput =>
  aComment({ fromId: null, text: '', isDeleted: true, ...overrides });

export const anAuthor = (overrides: Partial<AuthorInput> = {}): AuthorInput =>
  hashed({
    id: 77,
    firstName: 'Анна',
    lastName: 'Ветрова',
    screenName: null,
    deactivated: null,
    fetchedAt: READ_AT,
    ...overrides,
  });

export const aCommunity = (overrides: Partial<CommunityInput> = {}): CommunityInput =>
  hashed({
    id: 1,
    name: 'Ветрогород',
    screenName: 'vetrogorod',
    type: 'group',
    isClosed: 0,
    deactivated: null,
    raw: null,
    fetchedAt: READ_AT,
    ...overrides,
  });

const aTarget = (overrides: Partial<NewTarget> = {}): NewTarget => ({
  refs: ['club1'],
  ownerId: null,
  postId: null,
  reasonKind: null,
  ...overrides,
});

/** A task with a target for each of the given overrides. @returns their ids. */
export const storeTask = async (
  { taskRepository, targetRepository, models, withTransaction }: Repositories,
  targets: Partial<NewTarget>[] = [{}],
): Promise<{ taskId: number; targetIds: number[] }> => {
  const taskId = await withTransaction(undefined, async (transaction) => {
    const id = await taskRepository.insert(
      {
        name: null,
        postsLimit: null,
        postsSince: null,
        postsUntil: null,
        postsFilter: 'all',
        collectComments: true,
        collectThreads: true,
        priority: 5,
      },
      transaction,
    );
    await targetRepository.insertMany(id, targets.map(aTarget), transaction);
    return id;
  });
  const rows = await models.Target.findAll({ where: { taskId }, order: ['id'] });
  return { taskId, targetIds: rows.map((row) => row.id) };
};

/** `storeTask` with one target, in the hands of a worker. */
export const claimNewTarget = async (
  repositories: Repositories,
  overrides: Partial<NewTarget> = {},
) => {
  const { targetIds } = await storeTask(repositories, [overrides]);
  const target = await repositories.claimRepository.claim(targetIds[0] ?? 0, 60_000);
  if (!target) throw new Error('A new target is due.');
  return target;
};

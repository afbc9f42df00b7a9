import { createAttachment, type AttachmentKind } from './attachments';
import { buildComments, pickBystander, takeId, type WallDraft } from './buildComments';
import type { Post, Repost } from './model';
import type { PostPlan } from './plan';
import { inventPostText } from './texts';

const pickAuthor = (draft: WallDraft, by: PostPlan['by']): number => {
  if (by === 'user') return draft.words.pick(draft.writers.users);
  return by === 'bystander' ? pickBystander(draft) : draft.wall.ownerId;
};

const inventRepost = (draft: WallDraft, date: number): Repost => {
  const { words } = draft;
  const ownerId = pickBystander(draft);
  return {
    ownerId,
    id: words.int(10, 90_000),
    fromId: ownerId,
    date: date - words.int(600, 90_000),
    text: inventPostText(words, 3),
    attachments: [createAttachment('photo', { ownerId, date, random: words })],
  };
};

const attach = (
  { wall, words }: WallDraft,
  kinds: readonly AttachmentKind[],
  date: number,
): Post['attachments'] =>
  kinds.map((kind) => createAttachment(kind, { ownerId: wall.ownerId, date, random: words }));

const draftPost = (draft: WallDraft, plan: PostPlan, date: number): Post => {
  const { wall, words, writers } = draft;
  const text = plan.text ?? (plan.isRepost ? '' : inventPostText(words, 5));
  return {
    ownerId: wall.ownerId,
    id: takeId(draft),
    fromId: pickAuthor(draft, plan.by),
    date,
    text: plan.hasDonutPlaceholder ? '' : text,
    editedAt: plan.isEdited ? date + words.int(60, 3_600) : null,
    likes: words.int(0, 400),
    reposts: words.int(0, 30),
    views: (plan.by ?? 'community') === 'community' ? words.int(100, 40_000) : null,
    signerId: plan.isSigned ? words.pick(writers.users) : null,
    isAds: plan.isAds ?? false,
    attachments: plan.hasDonutPlaceholder ? [] : attach(draft, plan.attachments ?? [], date),
    copyHistory: plan.isRepost ? [inventRepost(draft, date)] : [],
    geo: plan.hasGeo ? { type: 'point', coordinates: '59.93863 30.31413', showmap: 1 } : null,
    copyright: plan.hasCopyright
      ? { link: 'https://example.org/news/7', name: 'Вестник двора', type: 'external_link' }
      : null,
    donutPlaceholder: plan.hasDonutPlaceholder ? 'Запись видна подписчикам VK Donut' : null,
    isHidden: plan.isHidden ?? false,
    commentAccess: plan.commentAccess ?? 'open',
    commentsSince: 0,
    roots: [],
    replyCount: 0,
    drift: {
      total: plan.totalDrift ?? 0,
      level: plan.levelDrift === undefined ? 0 : plan.levelDrift,
    },
    smartOrder: null,
    born: 0,
    touched: 0,
  };
};

const HOUR_S = 3_600;

/** Builds the posts of one wall, oldest first, so that ids and dates rise together. */
export const buildPosts = (draft: WallDraft, plans: readonly PostPlan[]): void => {
  const { wall, shape } = draft;
  const gaps = plans.map(() => shape.int(HOUR_S / 2, 30 * HOUR_S));
  let date = draft.now - gaps.reduce((sum, gap) => sum + gap, 0);
  for (const [index, plan] of plans.entries()) {
    date += gaps[index] ?? HOUR_S;
    const post = draftPost(draft, plan, plan.isDatedLate ? date + 60 * HOUR_S : date);
    wall.posts.push(post);
    wall.postById.set(post.id, post);
    if (plan.isPinned) wall.pinnedId = post.id;
    buildComments(draft, post, plan);
  }
  wall.posts.sort((one, other) => other.date - one.date || other.id - one.id);
};

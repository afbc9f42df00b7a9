import type { AttachmentKind } from './attachments';
import type { PostPlan, RootPlan } from './plan';
import type { Random } from './random';

/** Plans of ordinary posts, which make up most of every world. */
export interface FillerStyle {
  /** Share of posts that have comments. */
  commented: number;
  roots: (random: Random) => number;
  replies: (random: Random) => number;
  /** Share of posts that people, not the community, wrote. */
  byUsers: number;
}

const ORDINARY: readonly AttachmentKind[] = [
  'photo',
  'photo',
  'photo',
  'video',
  'link',
  'poll',
  'doc',
  'audio',
];

const fillRoots = (random: Random, style: FillerStyle): RootPlan[] =>
  Array.from({ length: style.roots(random) }, () => {
    const replies = style.replies(random);
    const root: RootPlan = { replies };
    if (replies > 0 && random.chance(0.02)) root.isStub = true;
    if (random.chance(0.02)) root.attachments = ['photo'];
    if (random.chance(0.02)) root.by = 'deactivated';
    return root;
  });

const fillPost = (random: Random, style: FillerStyle): PostPlan => {
  const post: PostPlan = {
    by: random.chance(style.byUsers) ? 'user' : 'community',
    isAds: random.chance(0.03),
    isEdited: random.chance(0.1),
    isSigned: random.chance(0.05),
    isRepost: random.chance(0.05),
    roots: random.chance(style.commented) ? fillRoots(random, style) : [],
  };
  if (random.chance(0.5)) {
    post.attachments = Array.from({ length: random.int(1, 3) }, () => random.pick(ORDINARY));
  }
  return post;
};

export const fillPosts = (random: Random, count: number, style: FillerStyle): PostPlan[] =>
  Array.from({ length: count }, () => fillPost(random, style));

/** `count` plain root comments. */
export const plainRoots = (count: number): RootPlan[] => Array.from({ length: count }, () => ({}));

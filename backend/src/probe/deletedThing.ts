import type { DeletedThing } from './probe';

const WALL = /wall(-?\d{1,15})_(\d{1,15})(?:_r(\d{1,15}))?/;

const numberIn = (link: string, name: string): number | null => {
  const [, digits] = new RegExp(`[?&]${name}=(\\d{1,15})(?!\\d)`).exec(link) ?? [];
  return digits === undefined ? null : Number(digits);
};

/**
 * A post or a comment, by the link that VK gives to it: `wall-1_2`, `wall-1_2?reply=3` or, of a reply,
 * `wall-1_2?reply=5&thread=3`. null for anything else.
 */
export const parseDeletedThing = (link: string): DeletedThing | null => {
  const [, ownerId, postId, overlaid] = WALL.exec(link) ?? [];
  if (ownerId === undefined || postId === undefined) return null;
  return {
    ownerId: Number(ownerId),
    postId: Number(postId),
    commentId: overlaid === undefined ? numberIn(link, 'reply') : Number(overlaid),
    rootId: numberIn(link, 'thread'),
  };
};

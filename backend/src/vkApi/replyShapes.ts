import type { VkMethod } from './types';

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A list under this name, or, as version 5.131 answers, the bare list. */
const isListUnder = (name: string) => (reply: unknown) =>
  Array.isArray(reply) || (isRecord(reply) && Array.isArray(reply[name]));

const isPage = (reply: unknown): boolean => isRecord(reply) && Array.isArray(reply.items);

const SHAPES: Record<VkMethod, (reply: unknown) => boolean> = {
  'wall.get': isPage,
  'wall.getById': isListUnder('items'),
  'wall.getComments': isPage,
  'groups.getById': isListUnder('groups'),
  'users.get': Array.isArray,
  // An empty list says that nobody has the name.
  'utils.resolveScreenName': (reply) => isRecord(reply) || Array.isArray(reply),
  'utils.getServerTime': (reply) => typeof reply === 'number',
};

/**
 * Whether a reply can be one of the method at all. `null`, `false` or a page without its list must
 * not pass for an empty wall.
 */
export const isReplyOf = (method: VkMethod, reply: unknown): boolean => SHAPES[method](reply);

import {
  COMMENT_FLAGS,
  HAS_KINDS,
  POST_FLAGS,
  type RecordFlag,
} from '@stenograf/contracts/reading';
import Joi from 'joi';
import { cleanText } from '../utils/text';
import { parseCommunityId, parseWriterId } from '../utils/vkIds';
import { idParameter, readText, scopeDates } from './parameters';

/** How often a parameter may be given. */
const TIMES_MAX = 100;
export const QUERY_LENGTH_MAX = 1_000;
const COUNT_MAX = 2_147_483_647;

export const repeatable = (item: Joi.Schema): Joi.ArraySchema =>
  Joi.array()
    .items(item)
    .single()
    .max(TIMES_MAX)
    .messages({ 'array.max': `Must be given ${TIMES_MAX} times or fewer.` });

const parseCount = (text: string): number | null => {
  const count = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  return count <= COUNT_MAX ? count : null;
};

export const communities = repeatable(
  readText(parseCommunityId, 'Must be the id of a community, such as 1 or club1.'),
);

/** Never refused for what it says, only for its length. */
const searchText = Joi.string()
  .allow('')
  .max(QUERY_LENGTH_MAX)
  .custom((text: string) => cleanText(text));

/** What chooses posts and comments alike. */
export const commonFilters = {
  task: idParameter,
  community: communities,
  author: repeatable(
    readText(parseWriterId, 'Must be the id of a person or a community, such as 5 or -1.'),
  ),
  ...scopeDates,
  q: searchText,
  has: repeatable(Joi.string().valid(...HAS_KINDS)),
};

const flagged = (flags: readonly RecordFlag[]) => ({
  ...commonFilters,
  is: repeatable(Joi.string().valid(...flags)),
  min_likes: readText(parseCount, `Must be a whole number from 0 to ${COUNT_MAX}.`, {
    type: 'integer',
    minimum: 0,
    maximum: COUNT_MAX,
  }),
});

/** The parameters of every list and export of posts; see `RecordFilterQuery`. */
export const postFilters = flagged(POST_FLAGS);
export const commentFilters = flagged(COMMENT_FLAGS);

import { COMMUNITIES_MAX, WALL_FILTERS, type CreateTaskBody } from '@stenograf/contracts/api';
import { reasonSentence } from '@stenograf/contracts/reasons';
import { holdsVkToken } from '@stenograf/contracts/vkTokenShape';
import Joi from 'joi';
import { cleanText } from '../utils/text';
import { scopeDates } from './parameters';

const LINE_LENGTH_MAX = 500;
const NAME_LENGTH_MAX = 200;
/** What PostgreSQL's integer holds. */
const POSTS_LIMIT_MAX = 2_147_483_647;

const badLine = (line: unknown): 'line.text' | 'line.long' | 'line.token' | null => {
  if (typeof line !== 'string') return 'line.text';
  if (line.length > LINE_LENGTH_MAX) return 'line.long';
  return holdsVkToken(line) ? 'line.token' : null;
};

/**
 * Lines as they were pasted, less the blank ones. Written by hand because Joi would describe each
 * of a million bad items before it says that there are too many; here the first bad line is named.
 */
const readLines: Joi.CustomValidator<unknown[]> = (lines, helpers) => {
  const bad = lines.findIndex((line) => badLine(line) !== null);
  if (bad >= 0) {
    const place = helpers.state.localize?.([...(helpers.state.path ?? []), bad]);
    return helpers.error(badLine(lines[bad]) ?? 'line.text', undefined, place);
  }
  const written = lines.map((line) => cleanText(String(line)).trim()).filter((line) => line !== '');
  if (written.length === 0) return helpers.error('lines.none');
  if (written.length > COMMUNITIES_MAX) {
    return helpers.error('lines.many', { count: written.length });
  }
  return written;
};

const communities = Joi.array()
  .custom(readLines)
  .description('Links, short names or ids, as people paste them.')
  .meta({
    schema: {
      type: 'array',
      items: { type: 'string', maxLength: LINE_LENGTH_MAX },
      minItems: 1,
    },
  })
  .messages({
    'line.text': 'Must be a text: a link, a short name or an id of a community.',
    'line.long': `Must be ${LINE_LENGTH_MAX} characters or fewer.`,
    'line.token': reasonSentence('token_pasted', 'en'),
    'lines.none': 'Name at least one community.',
    'lines.many': `Holds {#count} lines; a task takes at most ${COMMUNITIES_MAX}.`,
  });

const name = Joi.string()
  .custom((text: string, helpers) => cleanText(text).trim() || helpers.error('string.empty'))
  .max(NAME_LENGTH_MAX);

export const createTaskBody = Joi.object<CreateTaskBody>({
  communities: communities.required(),
  posts: Joi.object({
    limit: Joi.number().integer().min(1).max(POSTS_LIMIT_MAX),
    ...scopeDates,
    filter: Joi.string().valid(...WALL_FILTERS),
  }),
  comments: Joi.object({ collect: Joi.boolean(), threads: Joi.boolean() }),
  priority: Joi.number().integer().min(1).max(10),
  name,
})
  .example({
    communities: ['https://vk.com/apiclub', 'club2'],
    posts: { limit: 100, since: '30d' },
    name: 'The last month',
  })
  .required();

import type { AddVkTokenBody } from '@stenograf/contracts/api';
import { TOKEN_KINDS } from '@stenograf/contracts/statuses';
import Joi from 'joi';
import { parsePresentedToken } from '../utils/presentedToken';
import { cleanText } from '../utils/text';
import { readText } from './parameters';

const NAME_LENGTH_MAX = 200;

const TOKEN_SENTENCE =
  'Must be one VK token, such as vk1.a.…, or the address that VK led to with it after signing in.';

const name = Joi.string()
  .custom((text: string, helpers) => cleanText(text).trim() || helpers.error('string.empty'))
  .max(NAME_LENGTH_MAX);

export const addVkTokenBody = Joi.object<AddVkTokenBody>({
  token: readText(parsePresentedToken, TOKEN_SENTENCE)
    .example('vk1.a.EXAMPLE-of-a-token-that-nobody-has')
    .required(),
  kind: Joi.string().valid(...TOKEN_KINDS),
  name,
}).required();

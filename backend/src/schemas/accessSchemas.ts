import type {
  ChangePasswordBody,
  CreateApiKeyBody,
  CreateUserBody,
  SetPasswordBody,
  SignInBody,
  UpdateUserBody,
} from '@stenograf/contracts/access';
import { ROLES, SCOPES } from '@stenograf/contracts/scopes';
import Joi from 'joi';
import { PASSWORD_LENGTH_MAX } from '../services/passwordRules';
import { parseScopeDate } from '../utils/scopeDate';
import { cleanText } from '../utils/text';
import { readText } from './parameters';

const NAME_LENGTH_MAX = 100;
const USER_NAME = /^[\p{L}\p{N}][\p{L}\p{N}._@+-]{0,63}$/u;
const USER_NAME_SENTENCE =
  'Must be 1 to 64 letters, digits or . _ @ + - and begin with a letter or digit.';

const keyName = Joi.string()
  .custom((text: string, helpers) => cleanText(text).trim() || helpers.error('string.empty'))
  .max(NAME_LENGTH_MAX)
  .example('nightly export');

const userName = Joi.string()
  .pattern(USER_NAME)
  .messages({ 'string.pattern.base': USER_NAME_SENTENCE, 'string.empty': USER_NAME_SENTENCE })
  .example('anna');

/** Its form alone; whether it is a good one is for the service to say. */
const password = Joi.string().max(PASSWORD_LENGTH_MAX).example('four words nobody guesses');

const EXPIRY_SENTENCE =
  'Must be a date (2026-12-31, to its end) or a time (2026-12-31T10:00Z); UTC unless a zone is given.';

const readExpiry = (text: string): string | null =>
  /^\d{4}-/.test(text) && parseScopeDate(text, 'until', new Date()) ? text : null;

const role = Joi.string()
  .valid(...ROLES)
  .example('operator');

export const createApiKeyBody = Joi.object<CreateApiKeyBody>({
  name: keyName.required(),
  scope: Joi.string()
    .valid(...SCOPES)
    .required()
    .example('read'),
  expires_at: readText(readExpiry, EXPIRY_SENTENCE).example('2099-12-31'),
}).required();

export const createUserBody = Joi.object<CreateUserBody>({
  name: userName.required(),
  role: role.required(),
  password,
}).required();

const NO_CHANGE = 'Name a role, or whether the user is disabled.';

export const updateUserBody = Joi.object<UpdateUserBody>({
  role,
  disabled: Joi.boolean().example(true),
})
  .min(1)
  .messages({ 'object.min': NO_CHANGE })
  .required();

export const setPasswordBody = Joi.object<SetPasswordBody>({
  password: password.required(),
}).required();

export const changePasswordBody = Joi.object<ChangePasswordBody>({
  current_password: password,
  password: password.required(),
}).required();

const EITHER = 'Needs name and password, or link_token.';

const textField = { type: 'string', maxLength: PASSWORD_LENGTH_MAX };
/** A converter would say "either" in a way that nobody reads. */
const SIGN_IN_SCHEMA = {
  oneOf: [
    {
      type: 'object',
      properties: { name: { type: 'string', maxLength: 64 }, password: textField },
      required: ['name', 'password'],
      additionalProperties: false,
      examples: [{ name: 'anna', password: 'four words nobody guesses' }],
    },
    {
      type: 'object',
      properties: { link_token: textField },
      required: ['link_token'],
      additionalProperties: false,
    },
  ],
};

export const signInBody = Joi.object<SignInBody>({
  name: userName,
  password,
  link_token: Joi.string().max(PASSWORD_LENGTH_MAX),
})
  .xor('name', 'link_token')
  .and('name', 'password')
  .messages({ 'object.missing': EITHER, 'object.xor': EITHER, 'object.and': EITHER })
  .meta({ schema: SIGN_IN_SCHEMA })
  .required();

export interface ForceQuery {
  force: boolean;
}

const FORCE_SENTENCE = 'Must be true or false.';

/** `force=true` also ends the last way in of an admin. */
export const forceQuery = Joi.object<ForceQuery>({
  force: Joi.any()
    .custom((text: unknown, helpers) =>
      text === 'true' || text === 'false' ? text === 'true' : helpers.error('force.text'),
    )
    .meta({ schema: { type: 'boolean' } })
    .messages({ 'force.text': FORCE_SENTENCE })
    .default(false),
});

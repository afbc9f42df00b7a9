import type { ReasonKind } from '@stenograf/contracts/reasons';
import type { ErrorScope } from './errors';

/**
 * What follows from an error reply of VK:
 * - `retry` the same call after a growing pause;
 * - `slow` the token down and send the call again, for the request came too early;
 * - `park` this method of this token for a growing time, other methods go on;
 * - `rotate`: this token cannot do this method, remember it and use another;
 * - `disable` the token, it is dead until a person acts;
 * - `captcha`: the token rests until a person has passed it, and is tried now and then;
 * - `split` the pack in halves, its answer is too big;
 * - `single`: send the calls of the pack one by one;
 * - `mark`: the state of a community or post, for the caller to note;
 * - `fail`: our request is wrong.
 */
export type ErrorAction =
  | 'retry'
  | 'slow'
  | 'park'
  | 'rotate'
  | 'disable'
  | 'captcha'
  | 'split'
  | 'single'
  | 'mark'
  | 'fail';

/** An error reply of VK, its text redacted and capped. */
export interface VkErrorReply {
  code: number;
  subcode: number | null;
  text: string;
}

export interface ErrorDecision {
  action: ErrorAction;
  /** The sentence for people in both languages is `reasonSentence(kind, language, code)`. */
  kind: ReasonKind;
  scope: ErrorScope;
  /** Another account may see what this one may not: user tokens are asked before it is believed. */
  askOthers?: boolean;
  /** VK may mean the token's own user: it is believed once the same token is served something. */
  isDoubtful?: boolean;
  /** Tries of one call, where fewer than the configured ones make sense. */
  attemptsMax?: number;
  /**
   * How long `park`, `rotate`, `captcha` and `disable` hold, longer each time in a row; the last
   * value repeats. Infinity: until a person acts.
   */
  restsMs?: readonly number[];
}

/** `item` is the post for methods that are about one post, else the community. */
interface Rule extends Omit<ErrorDecision, 'scope'> {
  scope: ErrorScope | 'item';
  /** VK's text or subcode this rule is for; the first rule of a code that fits is taken. */
  text?: RegExp;
  subcodes?: readonly number[];
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const FLOOD_RESTS_MS = [2 * SECOND, 30 * SECOND, 5 * MINUTE];
export const QUOTA_CODE = 29;
export const QUOTA_RESTS_MS = [MINUTE, 15 * MINUTE, HOUR, 6 * HOUR];
const DAY_RESTS_MS = [24 * HOUR];
/** VK says now and then by mistake that a token is dead: it is believed the second time. */
const DISABLE_RESTS_MS = [SECOND, Infinity];
const CAPTCHA_RESTS_MS = [MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR];

const retry: Rule = { action: 'retry', kind: 'vk_unavailable', scope: 'network' };
const slow: Rule = { action: 'slow', kind: 'vk_unavailable', scope: 'token' };
const rotate: Rule = { action: 'rotate', kind: 'no_token', scope: 'token', restsMs: [Infinity] };
const fail: Rule = { action: 'fail', kind: 'rejected_by_vk', scope: 'request' };
const split: Rule = { action: 'split', kind: 'vk_unavailable', scope: 'request' };
const single: Rule = { action: 'single', kind: 'rejected_by_vk', scope: 'request' };
const captcha: Rule = {
  action: 'captcha',
  kind: 'captcha',
  scope: 'token',
  restsMs: CAPTCHA_RESTS_MS,
};
const park = (restsMs: readonly number[]): Rule => ({
  action: 'park',
  kind: 'quota',
  scope: 'token',
  restsMs,
});
const disable = (kind: ReasonKind): Rule => ({
  action: 'disable',
  kind,
  scope: 'token',
  restsMs: DISABLE_RESTS_MS,
});
const mark = (kind: ReasonKind, scope: Rule['scope']): Rule => ({ action: 'mark', kind, scope });
const denied: Rule = { ...mark('access_denied', 'item'), askOthers: true };
const membersOnly: Rule = { ...mark('community_closed', 'community'), askOthers: true };

const tokenInvalid = disable('token_invalid');
const needsPerson = disable('token_confirmation');
const appDisabled = disable('app_disabled');
const unknown: Rule = { action: 'retry', kind: 'vk_error', scope: 'request', attemptsMax: 2 };

/** 27 and 28 say either "wrong kind of token for this method" or "dead key". */
const wrongKindOrDead: Rule[] = [{ ...rotate, text: /method is unavailable/i }, tokenInvalid];

// One line per code of VK, with the base texts of its schema; texts are told apart only here.
const RULES: Readonly<Record<number, Rule | Rule[]>> = {
  1: retry, // Unknown error occurred
  2: appDisabled, // Application is disabled
  3: rotate, // Unknown method passed: also said of methods hidden from an application's tokens
  4: fail, // Incorrect signature
  5: [
    { ...fail, text: /no access_token passed/i },
    { ...disable('token_ip'), text: /another ip/i },
    tokenInvalid, // User authorization failed
  ],
  6: slow, // Too many requests per second
  7: denied, // Permission to perform this action is denied
  8: [{ ...appDisabled, text: /application is blocked/i }, fail], // Invalid request
  9: park(FLOOD_RESTS_MS), // Flood control
  10: retry, // Internal server error, also "could not check access_token now"
  11: fail, // In test mode application should be disabled or user should be authorized
  12: single, // Unable to compile code
  13: [{ ...split, text: /response size is too big/i }, single], // Runtime error
  14: captcha, // Captcha needed
  15: [
    { ...mark('wall_disabled', 'community'), text: /wall is disabled/i },
    {
      ...mark('community_banned', 'community'),
      text: /(?:group|community) is (?:blocked|banned)/i,
    },
    { ...membersOnly, text: /community members|private community|group is (?:closed|private)/i },
    { ...mark('post_gone', 'post'), text: /post was not found|(?:post|comment) (?:is )?deleted/i },
    { ...rotate, text: /token required|no access to call this method/i },
    { ...rotate, subcodes: [1133, 1134] },
    { ...mark('community_deleted', 'community'), text: /deactivated/i },
    denied, // Access denied
  ],
  16: fail, // HTTP authorization failed
  17: needsPerson, // Validation required
  18: { ...mark('community_deleted', 'community'), isDoubtful: true }, // User was deleted or banned
  19: mark('community_banned', 'item'), // Content blocked
  20: rotate, // denied for non-standalone applications
  21: rotate, // allowed only for standalone and OpenAPI applications
  23: fail, // This method was disabled
  24: needsPerson, // Confirmation required
  25: tokenInvalid, // Token confirmation required
  27: wrongKindOrDead, // Group authorization failed
  28: wrongKindOrDead, // Application authorization failed
  [QUOTA_CODE]: park(QUOTA_RESTS_MS), // Rate limit reached
  30: { ...membersOnly }, // This profile is private
  32: retry, // Need wait
  33: fail, // Not implemented yet
  34: fail, // Client version deprecated
  35: fail, // Client update needed
  36: retry, // Method execution was interrupted due to timeout
  37: tokenInvalid, // User was banned
  38: appDisabled, // Unknown application
  39: mark('not_found', 'community'), // Unknown user
  40: mark('not_found', 'community'), // Unknown group
  41: needsPerson, // Additional signup required
  42: disable('token_ip'), // IP is not allowed
  43: retry, // Section is temporarily unavailable
  100: fail, // One of the parameters specified was missing or invalid
  101: appDisabled, // Invalid application API ID
  103: fail, // Out of limits
  104: mark('not_found', 'item'), // Not found
  113: mark('not_found', 'community'), // Invalid user id
  125: mark('not_found', 'community'), // Invalid group id
  150: fail, // Invalid timestamp
  200: denied, // Access denied: album
  201: denied, // Access denied: audio
  203: membersOnly, // Access to group denied
  204: denied, // Access denied: video
  210: mark('post_gone', 'post'), // Access to wall's post denied
  211: mark('comments_closed', 'post'), // Access to wall's comment denied
  212: mark('comments_closed', 'post'), // Access to post comments denied
  213: mark('access_denied', 'post'), // Access to status replies denied
  214: mark('access_denied', 'item'), // Access to adding post denied
  219: mark('access_denied', 'item'), // Advertisement post was recently added
  220: mark('access_denied', 'item'), // Too many recipients
  221: mark('access_denied', 'item'), // User disabled track name broadcast
  222: mark('access_denied', 'item'), // Hyperlinks are forbidden
  223: mark('access_denied', 'item'), // Too many replies
  224: mark('access_denied', 'item'), // Too many ads posts
  225: mark('access_denied', 'item'), // Donut is disabled
  260: mark('access_denied', 'item'), // Access to the groups list is denied by privacy
  300: fail, // This album is full
  500: fail, // Permission denied: enable votes processing
  600: fail, // Permission denied: ads
  601: park(DAY_RESTS_MS), // Too many actions with ads per day
  603: fail, // Some ads error occurred
  1051: rotate, // Method is not available for this profile type (not in VK's schema)
  1105: park(FLOOD_RESTS_MS), // Too many auth attempts
  1114: tokenInvalid, // Anonymous token has expired
  1116: tokenInvalid, // Anonymous token is invalid
  1117: tokenInvalid, // Access token has expired
  1118: disable('token_ip'), // Anonymous token: IP mismatch
  1260: mark('not_found', 'community'), // Invalid screen name
  3300: captcha, // Recaptcha needed
  3301: needsPerson, // Phone validation needed
  3302: needsPerson, // Password validation needed
  3303: needsPerson, // OTP application validation needed
  3304: needsPerson, // Email confirmation needed
  3305: needsPerson, // Votes assertion needed
  3609: tokenInvalid, // Token extension required
  3610: tokenInvalid, // User is deactivated
  3611: tokenInvalid, // Service is deactivated for the user
  9999: fail, // Not supported HTTP method
};

/** Methods whose access errors are about one post. */
const POST_METHODS: ReadonlySet<string> = new Set(['wall.getComments', 'wall.getById']);

/** About nobody, open to every kind of token: what VK answers to it is about the token. */
export const TOKEN_PROOF_METHOD = 'utils.getServerTime';

/** The codes the table knows. */
export const KNOWN_CODES: readonly number[] = Object.keys(RULES).map(Number);

/** What to do about an error reply to `method` (which is `execute` for a whole pack). */
export const decideOnError = (method: string, reply: VkErrorReply): ErrorDecision => {
  const known = RULES[reply.code] ?? unknown;
  const rules = Array.isArray(known) ? known : [known];
  const {
    text: _text,
    subcodes: _subcodes,
    scope,
    ...rule
  } = rules.find((rule) => fits(rule, reply)) ?? unknown;
  if (reply.code === 18 && method === TOKEN_PROOF_METHOD)
    return { ...tokenInvalid, scope: 'token' };
  if (isUnknownName(method, reply.code))
    return { ...mark('not_found', 'community'), scope: 'community' };
  return { ...rule, scope: scope === 'item' ? itemScope(method) : scope };
};

const fits = ({ text, subcodes }: Rule, reply: VkErrorReply): boolean =>
  (text === undefined || text.test(reply.text)) &&
  (subcodes === undefined || (reply.subcode !== null && subcodes.includes(reply.subcode)));

/** Asked who somebody is, VK answers 100 to a name that cannot exist. */
const isUnknownName = (method: string, code: number): boolean =>
  code === 100 && (method === 'groups.getById' || method === 'utils.resolveScreenName');

const itemScope = (method: string): ErrorScope => (POST_METHODS.has(method) ? 'post' : 'community');

/** Codes by which VK says that a token may not use `execute`, though it may use other methods. */
const NO_EXECUTE_CODES: ReadonlySet<number> = new Set([3, 20, 21, 23, 27, 28, 1051]);

/** Whether this answer to `execute` itself means: this token packs nothing, send single calls. */
export const refusesExecute = (reply: VkErrorReply): boolean =>
  NO_EXECUTE_CODES.has(reply.code) ||
  (reply.code === 15 && decideOnError('execute', reply).action === 'rotate');

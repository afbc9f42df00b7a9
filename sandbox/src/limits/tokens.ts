import { VkFailure } from '../vk/errors';

export type TokenKind = 'user' | 'service' | 'community';

/** How VK asks whether there is a person: by a picture, by a page (since 2025), or by both. */
export type CaptchaForm = 'picture' | 'page' | 'both';

export interface SandboxToken {
  token: string;
  kind: TokenKind;
  /** Whose it is; tokens of one account share their rate where `rateScope` says so. */
  account?: string;
  /** Requests in any one second; 3 by default, 20 for a community. */
  rps?: number;
  /** May call `execute`; by default all but service keys, which `serviceExecute` decides. */
  canExecute?: boolean;
  /** Issued by VK ID: methods that VK keeps from such user tokens answer 1051. */
  isVkId?: boolean;
  /** What a user granted, such as `wall`; everything when left out. */
  scopes?: readonly string[];
  /** What a call beyond the scopes answers; 15 by default. */
  scopeRefusal?: 7 | 15;
  expired?: boolean;
  /** Life from the moment it is given out, by the sandbox's clock; no end when left out. */
  expiresInMs?: number;
  /** What an expired token answers: 5 by default, 1117 as newer kinds do. */
  expiryCode?: 5 | 1117;
  revoked?: boolean;
  /** The only address that may use it. */
  boundTo?: string;
  /** Asks for a captcha until one is answered. */
  captcha?: CaptchaForm | null;
  /** A person has to confirm the account first: 17 until this is taken away. */
  needsValidation?: boolean;
  /** Closed communities that this user is a member of. */
  memberOf?: number[];
  /** Most calls per method in any 24 hours, calls inside `execute` included. */
  quotas?: Record<string, number>;
  /** Methods that this one token is refused, with VK's code: 3, 7, 1051 … */
  refuses?: Record<string, number>;
}

export const USER_TOKEN = 'sandbox-user-token';
export const SERVICE_KEY = 'sandbox-service-key';

export const DEFAULT_TOKENS: readonly SandboxToken[] = [
  { token: USER_TOKEN, kind: 'user' },
  { token: SERVICE_KEY, kind: 'service' },
];

/** Calls in 24 hours that VK publishes; no other method of the sandbox has a published number. */
export const PUBLISHED_QUOTAS: Readonly<Record<string, number>> = {
  'wall.get': 5_000,
  'wall.search': 1_000,
};

const COMMUNITY_RPS = 20;
const RPS = 3;

export const requestsPerSecond = ({ rps, kind }: SandboxToken): number =>
  rps ?? (kind === 'community' ? COMMUNITY_RPS : RPS);

/** @throws VkFailure 27 or 28: the token is sound, but of the wrong kind for this method. */
export const refuseKind = (kind: TokenKind): never => {
  if (kind === 'community') throw new VkFailure(27, 'method is unavailable with group auth');
  if (kind === 'service') throw new VkFailure(28, 'method is unavailable with service token');
  throw new VkFailure(3);
};

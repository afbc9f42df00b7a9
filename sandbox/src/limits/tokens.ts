import { VkFailure } from '../vk/errors';

export type TokenKind = 'user' | 'service' | 'community';

export interface SandboxToken {
  token: string;
  kind: TokenKind;
  /** Requests in any one second; 3 by default, 20 for a community. */
  rps?: number;
  /** May call `execute`; by default all but service keys, which `serviceExecute` decides. */
  canExecute?: boolean;
  expired?: boolean;
  revoked?: boolean;
  /** Given to another address: VK refuses it from here. */
  boundElsewhere?: boolean;
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

const COMMUNITY_RPS = 20;
const RPS = 3;

export const requestsPerSecond = ({ rps, kind }: SandboxToken): number =>
  rps ?? (kind === 'community' ? COMMUNITY_RPS : RPS);

/** @throws VkFailure 5 for a token that VK no longer accepts. */
export const assertUsable = (token: SandboxToken): void => {
  if (token.revoked) throw new VkFailure(5, 'invalid access_token (4).');
  if (token.expired) throw new VkFailure(5, 'access_token has expired.');
  if (token.boundElsewhere) {
    throw new VkFailure(5, 'access_token was given to another ip address.');
  }
};

/** @throws VkFailure 27 or 28: the token is sound, but of the wrong kind for this method. */
export const refuseKind = (kind: TokenKind): never => {
  if (kind === 'community') throw new VkFailure(27, 'method is unavailable with group auth');
  if (kind === 'service') throw new VkFailure(28, 'method is unavailable with service token');
  throw new VkFailure(3);
};

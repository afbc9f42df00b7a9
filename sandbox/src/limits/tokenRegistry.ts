import type { Clock } from '../clock';
import { VkFailure } from '../vk/errors';
import type { Switches } from '../vk/switches';
import type { SandboxToken } from './tokens';

/** The tokens of a sandbox, while it runs. Each change holds from the next request on. */
export interface TokenControls {
  list(): SandboxToken[];
  /** Gives out one more; its life begins now. */
  add(token: SandboxToken): void;
  /** @throws RangeError, as all changes do, for a token that was never given out */
  revoke(token: string): void;
  expire(token: string): void;
  /** Changes any of its properties: `{ captcha: 'page' }`, `{ boundTo: '203.0.113.7' }` … */
  change(token: string, changes: Partial<Omit<SandboxToken, 'token'>>): void;
}

export interface TokenRegistry extends TokenControls {
  find(token: string): SandboxToken | undefined;
  /** @throws VkFailure 5 or 1117 for a token that VK does not accept from this address */
  getUsable(token: string, address: string): SandboxToken;
}

interface Given {
  token: SandboxToken;
  endsAtMs: number;
}

/** A token with what the switches say about its kind, as far as it does not say so itself. */
const switchToken = (
  token: SandboxToken,
  { serviceRps, commentsQuota }: Switches,
): SandboxToken => {
  const switched = token.kind === 'service' ? { rps: serviceRps, ...token } : { ...token };
  if (commentsQuota === 0) return switched;
  const quotas = { 'wall.getComments': commentsQuota, 'wall.getById': commentsQuota };
  return { ...switched, quotas: { ...quotas, ...token.quotas } };
};

const refuseToken = (detail: string): never => {
  throw new VkFailure(5, detail);
};

interface RegistryDependencies {
  clock: Clock;
  switches: Switches;
}

export const createTokenRegistry = (
  tokens: readonly SandboxToken[],
  { clock, switches }: RegistryDependencies,
): TokenRegistry => {
  const given = new Map<string, Given>();

  const give = (token: SandboxToken): void => {
    const endsAtMs = clock.now() + (token.expiresInMs ?? Infinity);
    given.set(token.token, { token: switchToken(token, switches), endsAtMs });
  };
  const change: TokenControls['change'] = (name, changes) => {
    const known = given.get(name);
    if (!known) throw new RangeError('no such token was given out');
    if (changes.expiresInMs !== undefined) known.endsAtMs = clock.now() + changes.expiresInMs;
    known.token = { ...known.token, ...changes };
  };
  for (const token of tokens) give(token);

  return {
    list: () => [...given.values()].map(({ token }) => token),
    add: give,
    revoke: (token) => change(token, { revoked: true }),
    expire: (token) => change(token, { expired: true }),
    change,
    find: (token) => given.get(token)?.token,
    getUsable: (name, address) => {
      if (name === '') refuseToken('no access_token passed.');
      const known = given.get(name);
      if (!known || known.token.revoked) return refuseToken('invalid access_token (4).');
      const { token, endsAtMs } = known;
      if (token.expired || clock.now() >= endsAtMs) {
        if (token.expiryCode === 1_117) throw new VkFailure(1_117);
        refuseToken('access_token has expired.');
      }
      if (token.boundTo !== undefined && token.boundTo !== address) {
        refuseToken('access_token was given to another ip address.');
      }
      return token;
    },
  };
};

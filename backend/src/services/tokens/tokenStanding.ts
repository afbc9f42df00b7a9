import type { ReasonKind } from '@stenograf/contracts/reasons';
import type { TokenStatus } from '@stenograf/contracts/statuses';
import type { VkTokenMethod, VkTokenRow } from '../../repositories/vkTokenRepository';

/** How a token stands, by what VK last said of it. */
export interface TokenStanding {
  status: TokenStatus;
  reasonKind: ReasonKind | null;
  code: number | null;
  /** When it is tried again by itself. */
  until: Date | null;
}

const READY: TokenStanding = { status: 'ready', reasonKind: null, code: null, until: null };

/** What VK said of the whole token rather than of one method. */
export const isOfAllMethods = ({ method }: VkTokenMethod): boolean => method === '*';

/** What a person must mend comes first: a token that rests is no use while nobody can read it. */
export const standingOf = (row: VkTokenRow, isReadable: boolean): TokenStanding => {
  if (!isReadable) return { ...READY, status: 'unreadable', reasonKind: 'token_unreadable' };
  if (row.quarantinedAt) {
    const { reasonKind, reasonCode: code } = row;
    return { ...READY, status: 'quarantined', reasonKind, code };
  }
  const rest = row.methods.find(isOfAllMethods);
  if (!rest?.restUntil) return READY;
  return {
    status: rest.restKind === 'captcha' ? 'captcha' : 'waiting',
    reasonKind: rest.restKind,
    code: rest.restCode,
    until: new Date(rest.restUntil),
  };
};

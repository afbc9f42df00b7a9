import type { VkTokenRow } from '../../repositories/vkTokenRepository';
import { Secret } from '../../utils/secret';
import { standingOf, type TokenStanding } from './tokenStanding';
import type { TokenVault } from './tokenVault';

/** A token as people may see it. */
export interface VkTokenSnapshot extends Omit<VkTokenRow, 'ciphertext' | 'keyId'> {
  standing: TokenStanding;
}

export interface TokenReader {
  /** The token itself; null where nobody here can read it. */
  reveal(row: VkTokenRow): string | null;
  toSnapshot(row: VkTokenRow): VkTokenSnapshot;
}

export const createTokenReader = ({
  tokenVault,
  ownTokens,
}: {
  tokenVault: Pick<TokenVault, 'open'>;
  ownTokens: readonly { token: string }[];
}): TokenReader => {
  const reveal = ({ fingerprint, ciphertext, keyId }: VkTokenRow): string | null => {
    if (ciphertext && keyId) return tokenVault.open({ fingerprint, ciphertext, keyId });
    const own = ownTokens.find(({ token }) => new Secret(token).fingerprint === fingerprint);
    return own?.token ?? null;
  };
  return {
    reveal,
    toSnapshot(row) {
      const { ciphertext: _ciphertext, keyId: _keyId, ...seen } = row;
      const isReadable = row.source === 'environment' || reveal(row) !== null;
      return { ...seen, standing: standingOf(row, isReadable) };
    },
  };
};

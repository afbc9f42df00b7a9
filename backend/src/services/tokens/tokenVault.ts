import type { Keyring } from './keyring';

export interface SealedToken {
  ciphertext: Buffer;
  /** Names the secret that it is encrypted under. */
  keyId: string;
}

/** Encrypts and decrypts tokens; keeps none. */
export interface TokenVault {
  /** @throws AppError `conflict` with what to do, where this installation has no secret. */
  seal(token: string, fingerprint: string): SealedToken;
  /** null: unreadable here, for the row was changed or its secret is not known. Never throws. */
  open(sealed: SealedToken & { fingerprint: string }): string | null;
}

/** The fingerprint is authenticated too, so that no row opens under the name of another. */
export const createTokenVault = ({
  keyring,
  onToken = () => {},
}: {
  keyring: Pick<Keyring, 'current' | 'find'>;
  /** Told of every token that passes in the clear. */
  onToken?: (token: string) => void;
}): TokenVault => ({
  seal(token, fingerprint) {
    onToken(token);
    const box = keyring.current();
    return { ciphertext: box.seal(token, fingerprint), keyId: box.keyId };
  },
  open({ fingerprint, ciphertext, keyId }) {
    const token = keyring.find(keyId)?.open(ciphertext, fingerprint) ?? null;
    if (token !== null) onToken(token);
    return token;
  },
});

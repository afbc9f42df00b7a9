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
}: {
  keyring: Pick<Keyring, 'current' | 'find'>;
}): TokenVault => ({
  seal(token, fingerprint) {
    const box = keyring.current();
    return { ciphertext: box.seal(token, fingerprint), keyId: box.keyId };
  },
  open: ({ fingerprint, ciphertext, keyId }) =>
    keyring.find(keyId)?.open(ciphertext, fingerprint) ?? null,
});

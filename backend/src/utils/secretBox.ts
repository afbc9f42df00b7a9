import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** Encrypts short texts under one secret: AES-256-GCM, a key of its own for each secret. */
export interface SecretBox {
  /** Names the secret without telling anything of it. */
  readonly keyId: string;
  /** Nonce, ciphertext and tag. `context` is not stored: it must be given again to open. */
  seal(text: string, context: string): Buffer;
  /** null for what was changed, belongs to another context or was sealed under another secret. */
  open(sealed: Buffer, context: string): string | null;
}

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const KEY_ID_BYTES = 8;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** HKDF-SHA256; the purpose keeps the key and the name of the key apart. */
const derive = (secret: string, purpose: string, bytes: number): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, '', `stenograf secret box 1: ${purpose}`, bytes));

export const createSecretBox = (secret: string): SecretBox => {
  const key = derive(secret, 'key', KEY_BYTES);
  return {
    keyId: derive(secret, 'key id', KEY_ID_BYTES).toString('hex'),
    seal(text, context) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
      cipher.setAAD(Buffer.from(context));
      return Buffer.concat([
        nonce,
        cipher.update(text, 'utf8'),
        cipher.final(),
        cipher.getAuthTag(),
      ]);
    },
    open(sealed, context) {
      if (sealed.length < NONCE_BYTES + TAG_BYTES) return null;
      const nonce = sealed.subarray(0, NONCE_BYTES);
      const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
      decipher.setAAD(Buffer.from(context));
      decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
      try {
        const text = decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES));
        return Buffer.concat([text, decipher.final()]).toString('utf8');
      } catch {
        return null;
      }
    },
  };
};

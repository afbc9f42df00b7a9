import { createHmac, randomBytes } from 'node:crypto';
import type { Transaction } from 'sequelize';
import { AppError } from '../../errors';
import type { ErasureRepository } from '../../repositories/erasureRepository';
import type { SealedTokenRepository } from '../../repositories/sealedTokenRepository';
import type { Keyring } from '../tokens/keyring';

/**
 * What the marks of erased people are made with: random, made with the first erasure and kept in
 * the database under the secret of the installation, so that a new secret needs no new marks.
 */
export interface ErasureKey {
  /** null while nobody has ever been erased. @throws ErasureKeyError where it cannot be read. */
  read(transaction?: Transaction): Promise<Buffer | null>;
  /** The same, made if there is none. @throws AppError `conflict` where there is no secret. */
  obtain(transaction: Transaction): Promise<Buffer>;
  /** Puts it under the current secret, if it can be read; under the lock of the vault. */
  reseal(transaction: Transaction): Promise<void>;
}

/** The list of erased people cannot be read here: whoever stored something could store one of them. */
export class ErasureKeyError extends AppError {
  constructor() {
    super(
      'conflict',
      'The list of erased people cannot be read: it is encrypted under a secret that is not known ' +
        'here. Set STENOGRAF_SECRET as it was, or STENOGRAF_SECRET_PREVIOUS, or bring back the ' +
        'file “secret” of STENOGRAF_HOME.',
    );
  }
}

const KEY_BYTES = 32;
/** Bound to the ciphertext, so that it opens as nothing else. */
const CONTEXT = 'key of the list of erased people';

/** The hash by which a person is known to the list. */
export const markOf = (key: Buffer, personId: number): Buffer =>
  createHmac('sha256', key).update(`person ${personId}`).digest();

export const createErasureKey = ({
  keyring,
  erasureRepository,
  sealedTokenRepository,
}: {
  keyring: Pick<Keyring, 'current' | 'find'>;
  erasureRepository: ErasureRepository;
  sealedTokenRepository: Pick<SealedTokenRepository, 'lockVault'>;
}): ErasureKey => {
  const seal = async (key: Buffer, transaction: Transaction): Promise<void> => {
    const box = keyring.current();
    const ciphertext = box.seal(key.toString('base64'), CONTEXT);
    await erasureRepository.storeKey({ ciphertext, keyId: box.keyId }, transaction);
  };

  const read = async (transaction?: Transaction): Promise<Buffer | null> => {
    const sealed = await erasureRepository.findKey(transaction);
    if (sealed === null) return null;
    const key = keyring.find(sealed.keyId)?.open(sealed.ciphertext, CONTEXT) ?? null;
    if (key === null) throw new ErasureKeyError();
    return Buffer.from(key, 'base64');
  };

  return {
    read,

    async obtain(transaction) {
      await sealedTokenRepository.lockVault(transaction);
      const known = await read(transaction);
      if (known !== null) return known;
      const key = randomBytes(KEY_BYTES);
      try {
        await seal(key, transaction);
      } catch (cause) {
        if (!(cause instanceof AppError)) throw cause;
        throw new AppError(
          'conflict',
          'Nobody can be erased: that takes a secret, so that the list of erased people does not ' +
            'tell who is on it. Set STENOGRAF_SECRET, or STENOGRAF_HOME to keep one in.',
          { cause },
        );
      }
      return key;
    },

    async reseal(transaction) {
      const sealed = await erasureRepository.findKey(transaction);
      if (sealed === null || sealed.keyId === keyring.current().keyId) return;
      const key = keyring.find(sealed.keyId)?.open(sealed.ciphertext, CONTEXT) ?? null;
      if (key !== null) await seal(Buffer.from(key, 'base64'), transaction);
    },
  };
};

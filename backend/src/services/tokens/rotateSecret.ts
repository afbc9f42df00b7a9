import type { Transaction } from 'sequelize';
import type { SealedTokenRepository } from '../../repositories/sealedTokenRepository';
import type { WithTransaction } from '../../repositories/withTransaction';
import type { ErasureKey } from '../erasing/erasureKey';
import type { Keyring } from './keyring';
import type { TokenVault } from './tokenVault';

export interface Rotation {
  /** Tokens that are now under the current secret and were not before. */
  rotated: number;
  /** Tokens that no secret of this installation reads; they are left as they are. */
  unreadable: number;
}

interface Dependencies {
  sealedTokenRepository: SealedTokenRepository;
  withTransaction: WithTransaction;
  keyring: Keyring;
  tokenVault: TokenVault;
  erasureKey: Pick<ErasureKey, 'reseal'>;
}

/**
 * Puts all tokens, and the key of the list of erased people, under the current secret: that of the setting, or, where a file holds it, a new
 * one. May be killed at any point and run again: the file keeps every secret that a row may still
 * be under, and loses the old ones only after the rows are committed.
 * @throws AppError `conflict` where this installation has no secret.
 */
export const rotateSecret = async (deps: Dependencies): Promise<Rotation> => {
  const { withTransaction, sealedTokenRepository, keyring } = deps;
  const locked = <T>(work: (transaction: Transaction) => Promise<T>): Promise<T> =>
    withTransaction(undefined, async (transaction) => {
      await sealedTokenRepository.lockVault(transaction);
      return work(transaction);
    });

  const rotation = await locked(async (transaction) => {
    keyring.renew();
    await deps.erasureKey.reseal(transaction);
    return resealAll(deps, transaction);
  });
  // Asked of the rows rather than remembered: another rotation may have come in between.
  await locked(async (transaction) => {
    keyring.forgetUnused(new Set(await sealedTokenRepository.listKeyIds(transaction)));
  });
  return rotation;
};

const resealAll = async (
  { sealedTokenRepository, keyring, tokenVault }: Dependencies,
  transaction: Transaction,
): Promise<Rotation> => {
  const { keyId } = keyring.current();
  const rows = await sealedTokenRepository.listSealedUnderOthers(keyId, transaction);
  let rotated = 0;
  for (const row of rows) {
    const token = tokenVault.open(row);
    if (token === null) continue;
    const sealed = tokenVault.seal(token, row.fingerprint);
    await sealedTokenRepository.reseal({ id: row.id, ...sealed }, transaction);
    rotated += 1;
  }
  return { rotated, unreadable: rows.length - rotated };
};

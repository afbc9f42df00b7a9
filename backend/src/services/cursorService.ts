import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { type AppError, invalidParameter } from '../errors';
import type { SettingsRepository } from '../repositories/settingsRepository';

/** Cursors of one list, as it was asked for: of another list or filter they are refused. */
export interface Cursors {
  /** Where the next page begins, as callers get it. */
  seal(place: unknown): string;
  /** @throws AppError `validation_failed` for what `seal` has not made for this very list. */
  open(cursor: string): unknown;
}

export interface CursorService {
  /** @param list tells lists apart: the path with its parameters, filters and order. */
  forList(list: string): Promise<Cursors>;
}

const SIGNATURE_BYTES = 12;
const KEY_BYTES = 32;

const sign = (key: string, list: string, place: Buffer): Buffer =>
  createHmac('sha256', key)
    .update(`${list.length}:${list}`)
    .update(place)
    .digest()
    .subarray(0, SIGNATURE_BYTES);

const refuse = (): AppError => {
  const detail = 'Must be the `next` of a page of this list, with the same filters and order.';
  return invalidParameter('cursor', detail);
};

const createCursors = (key: string, list: string): Cursors => ({
  seal(place) {
    const bytes = Buffer.from(JSON.stringify(place));
    return Buffer.concat([sign(key, list, bytes), bytes]).toString('base64url');
  },
  open(cursor) {
    const bytes = Buffer.from(cursor, 'base64url');
    const place = bytes.subarray(SIGNATURE_BYTES);
    const signature = bytes.subarray(0, SIGNATURE_BYTES);
    // Decoding passes over what is no base64: two texts must not be one cursor.
    const isWhole = bytes.length > SIGNATURE_BYTES && bytes.toString('base64url') === cursor;
    if (!isWhole || !timingSafeEqual(signature, sign(key, list, place))) throw refuse();
    return JSON.parse(place.toString()) as unknown;
  },
});

/** The key is made once for an installation, so that a cursor outlives a restart and works everywhere. */
export const createCursorService = ({
  settingsRepository,
}: {
  settingsRepository: SettingsRepository;
}): CursorService => {
  let key: Promise<string> | null = null;
  const readKey = (): Promise<string> => {
    key ??= settingsRepository
      .rememberCursorKey(randomBytes(KEY_BYTES).toString('base64'))
      .catch((error: unknown) => {
        key = null;
        throw error;
      });
    return key;
  };
  return {
    forList: async (list) => createCursors(await readKey(), list),
  };
};

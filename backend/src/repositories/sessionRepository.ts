import type { Role } from '@stenograf/contracts/scopes';
import type { Sequelize, Transaction } from 'sequelize';
import { createSelect } from './select';

export interface SessionLife {
  /** Milliseconds without a request after which a session ends. */
  idleMs: number;
  /** Milliseconds after which it ends however busy it is. */
  maxMs: number;
}

/** A session in force and whose it is. */
export interface OpenSession {
  id: number;
  userId: number;
  role: Role;
  expiresAt: Date;
}

export interface SessionListed {
  id: number;
  createdAt: Date;
  lastSeenAt: Date;
}

export interface SessionRepository {
  /**
   * Opens a session and notes the sign-in; the oldest beyond `sessionsMax` end.
   * @returns null when the user is disabled or gone.
   */
  insertSession(
    session: { userId: number; tokenHash: Buffer; sessionsMax: number },
    transaction: Transaction,
  ): Promise<OpenSession | null>;
  /** Neither idle nor old nor of a disabled user. Notes the use, at most once a minute. */
  useSession(tokenHash: Buffer): Promise<OpenSession | null>;
  /** Those in force, newest first. */
  listSessions(userId: number): Promise<SessionListed[]>;
  endSession(tokenHash: Buffer, transaction?: Transaction): Promise<void>;
  /** Ends all sessions of the user but the one to keep, and the links that would open new ones. */
  endSessions(
    userId: number,
    keepSessionId: number | null,
    transaction?: Transaction,
  ): Promise<void>;
  insertLink(link: {
    userId: number;
    tokenHash: Buffer;
    lifeMs: number;
  }): Promise<{ expiresAt: Date }>;
  /** Uses the link up. @returns whose it was; null when it is unknown, used or late. */
  takeLink(tokenHash: Buffer, transaction: Transaction): Promise<number | null>;
}

interface SessionRow {
  id: number;
  user_id: number;
  role: Role;
  expires_at: Date;
}

const toOpenSession = (row: SessionRow | undefined): OpenSession | null =>
  row ? { id: row.id, userId: row.user_id, role: row.role, expiresAt: row.expires_at } : null;

const MS = (parameter: string): string => `${parameter} * interval '1 millisecond'`;

const INSERT = `
  WITH signed_in AS (
    UPDATE users SET last_sign_in_at = now() WHERE id = $1 AND disabled_at IS NULL
    RETURNING id, role
  ), inserted AS (
    INSERT INTO sessions (user_id, token_hash, expires_at)
    SELECT id, $2, now() + ${MS('$3')} FROM signed_in RETURNING id, user_id, expires_at
  ), ended AS (
    DELETE FROM sessions WHERE expires_at < now() OR id IN (
      SELECT id FROM sessions WHERE user_id = $1 ORDER BY id DESC OFFSET $4)
  )
  SELECT inserted.*, role FROM inserted JOIN signed_in ON signed_in.id = user_id`;

const IN_FORCE = `expires_at > now() AND last_seen_at > now() - ${MS('$2')}`;

const USE = `
  WITH found AS (
    SELECT sessions.id, user_id, role, expires_at FROM sessions JOIN users ON users.id = user_id
    WHERE token_hash = $1 AND ${IN_FORCE} AND disabled_at IS NULL
  ), used AS (
    UPDATE sessions SET last_seen_at = now() WHERE id = (SELECT id FROM found)
      AND last_seen_at < now() - interval '1 minute'
  )
  SELECT * FROM found`;

const LIST = `
  SELECT id, created_at, last_seen_at FROM sessions
  WHERE user_id = $1 AND ${IN_FORCE} ORDER BY id DESC`;

const END_ALL = `
  WITH links AS (DELETE FROM sign_in_links WHERE user_id = $1)
  DELETE FROM sessions WHERE user_id = $1 AND id IS DISTINCT FROM $2`;

const INSERT_LINK = `
  WITH late AS (DELETE FROM sign_in_links WHERE expires_at < now())
  INSERT INTO sign_in_links (user_id, token_hash, expires_at)
  VALUES ($1, $2, now() + ${MS('$3')}) RETURNING expires_at`;

export const createSessionRepository = ({
  sequelize,
  life: { idleMs, maxMs },
}: {
  sequelize: Sequelize;
  life: SessionLife;
}): SessionRepository => {
  const select = createSelect(sequelize);
  return {
    async insertSession({ userId, tokenHash, sessionsMax }, transaction) {
      // The new session is not yet among those that the statement counts.
      const bind = [userId, tokenHash, maxMs, sessionsMax - 1];
      return toOpenSession((await select<SessionRow>(INSERT, bind, transaction))[0]);
    },
    async useSession(tokenHash) {
      return toOpenSession((await select<SessionRow>(USE, [tokenHash, idleMs]))[0]);
    },
    async listSessions(userId) {
      const rows = await select<{ id: number; created_at: Date; last_seen_at: Date }>(LIST, [
        userId,
        idleMs,
      ]);
      return rows.map((row) => ({
        id: row.id,
        createdAt: row.created_at,
        lastSeenAt: row.last_seen_at,
      }));
    },
    async endSession(tokenHash, transaction) {
      await select('DELETE FROM sessions WHERE token_hash = $1', [tokenHash], transaction);
    },
    async endSessions(userId, keepSessionId, transaction) {
      await select(END_ALL, [userId, keepSessionId], transaction);
    },
    async insertLink({ userId, tokenHash, lifeMs }) {
      const [row] = await select<{ expires_at: Date }>(INSERT_LINK, [userId, tokenHash, lifeMs]);
      if (!row) throw new Error('An inserted link did not come back.');
      return { expiresAt: row.expires_at };
    },
    async takeLink(tokenHash, transaction) {
      const [row] = await select<{ user_id: number; in_time: boolean }>(
        `DELETE FROM sign_in_links WHERE token_hash = $1
         RETURNING user_id, expires_at > now() AS in_time`,
        [tokenHash],
        transaction,
      );
      return row?.in_time ? row.user_id : null;
    },
  };
};

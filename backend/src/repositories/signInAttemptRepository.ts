import type { Sequelize } from 'sequelize';
import { createSelect } from './select';

/** A window of attempts that are counted together, such as all on one account. */
export interface AttemptWindow {
  /** SHA-256 of what is counted. */
  subject: Buffer;
  attemptsMax: number;
  windowMs: number;
}

export interface SignInAttemptRepository {
  /**
   * Counts an attempt before it is made, so that many at once are all seen. One that is too many
   * leaves the count as it is.
   * @returns milliseconds until the window ends if the attempt is one too many, else null.
   */
  countAttempt(window: AttemptWindow): Promise<number | null>;
  /** Takes an attempt back that proved right. */
  takeBack(subject: Buffer): Promise<void>;
  /** Forgets the attempts on what has proved to be its owner's. */
  forget(subjects: Buffer[]): Promise<void>;
}

// The row lock of the upsert makes attempts at the same time count one after the other.
const COUNT = `
  WITH late AS (
    DELETE FROM sign_in_attempts WHERE subject IN (
      SELECT subject FROM sign_in_attempts WHERE ends_at < now() AND subject <> $1
      LIMIT 100 FOR UPDATE SKIP LOCKED)
  )
  INSERT INTO sign_in_attempts AS counted (subject, attempts, ends_at)
  VALUES ($1, 1, now() + $2 * interval '1 millisecond')
  ON CONFLICT (subject) DO UPDATE SET
    attempts = CASE WHEN counted.ends_at < now() THEN 1
      ELSE least(counted.attempts, $3) + 1 END,
    ends_at = CASE WHEN counted.ends_at < now() THEN excluded.ends_at ELSE counted.ends_at END
  RETURNING attempts, ceil(extract(epoch FROM ends_at - now()) * 1000)::float8 AS left_ms`;

export const createSignInAttemptRepository = ({
  sequelize,
}: {
  sequelize: Sequelize;
}): SignInAttemptRepository => {
  const select = createSelect(sequelize);
  return {
    async countAttempt({ subject, attemptsMax, windowMs }) {
      const bind = [subject, windowMs, attemptsMax];
      const [row] = await select<{ attempts: number; left_ms: number }>(COUNT, bind);
      return row && row.attempts > attemptsMax ? row.left_ms : null;
    },
    async takeBack(subject) {
      await select(
        `UPDATE sign_in_attempts SET attempts = attempts - 1
         WHERE subject = $1 AND attempts > 0 AND ends_at >= now()`,
        [subject],
      );
    },
    async forget(subjects) {
      await select('DELETE FROM sign_in_attempts WHERE subject = ANY ($1)', [subjects]);
    },
  };
};

import type { Role } from '@stenograf/contracts/scopes';
import type { Sequelize, Transaction } from 'sequelize';
import { createSelect } from './select';
import type { Page } from './snapshots';

export interface User {
  id: number;
  name: string;
  role: Role;
  hasPassword: boolean;
  createdAt: Date;
  disabledAt: Date | null;
  lastSignInAt: Date | null;
}

/** With the hash of the password, for whoever checks one. */
export interface Credentials {
  user: User;
  passwordHash: string | null;
}

export interface NewUser {
  /** In small letters. */
  name: string;
  role: Role;
  passwordHash: string | null;
}

export interface UserRepository {
  /** @returns null when the name is taken. */
  insertUser(user: NewUser): Promise<User | null>;
  findUser(id: number, transaction?: Transaction): Promise<User | null>;
  findCredentials(by: { id: number } | { name: string }): Promise<Credentials | null>;
  /** In the order in which they were added. */
  listUsers(after: number | undefined, limit: number): Promise<Page<User>>;
  /** What is left out stays. @returns null when there is no such user. */
  updateUser(
    id: number,
    change: { role?: Role; disabled?: boolean },
    transaction?: Transaction,
  ): Promise<User | null>;
  /** @returns false when there is no such user. */
  setPassword(id: number, passwordHash: string, transaction?: Transaction): Promise<boolean>;
}

interface UserRow {
  id: number;
  name: string;
  role: Role;
  password_hash: string | null;
  created_at: Date;
  disabled_at: Date | null;
  last_sign_in_at: Date | null;
}

const COLUMNS = 'id, name, role, password_hash, created_at, disabled_at, last_sign_in_at';

const UPDATE = `
  UPDATE users SET role = coalesce($2, role),
    disabled_at = CASE WHEN $3 THEN coalesce(disabled_at, now()) WHEN NOT $3 THEN NULL
      ELSE disabled_at END
  WHERE id = $1 RETURNING ${COLUMNS}`;

const toUser = (row: UserRow): User => ({
  id: row.id,
  name: row.name,
  role: row.role,
  hasPassword: row.password_hash !== null,
  createdAt: row.created_at,
  disabledAt: row.disabled_at,
  lastSignInAt: row.last_sign_in_at,
});

export const createUserRepository = ({ sequelize }: { sequelize: Sequelize }): UserRepository => {
  const select = createSelect(sequelize);
  const selectUser = async (sql: string, bind: unknown[], transaction?: Transaction) => {
    const [row] = await select<UserRow>(sql, bind, transaction);
    return row ?? null;
  };
  const selectBy = (by: { id: number } | { name: string }, transaction?: Transaction) =>
    'id' in by
      ? selectUser(`SELECT ${COLUMNS} FROM users WHERE id = $1`, [by.id], transaction)
      : selectUser(`SELECT ${COLUMNS} FROM users WHERE name = $1`, [by.name], transaction);

  return {
    async insertUser({ name, role, passwordHash }) {
      const row = await selectUser(
        `INSERT INTO users (name, role, password_hash) VALUES ($1, $2, $3)
         ON CONFLICT (name) DO NOTHING RETURNING ${COLUMNS}`,
        [name, role, passwordHash],
      );
      return row && toUser(row);
    },
    async findUser(id, transaction) {
      const row = await selectBy({ id }, transaction);
      return row && toUser(row);
    },
    async findCredentials(by) {
      const row = await selectBy(by);
      return row && { user: toUser(row), passwordHash: row.password_hash };
    },
    async listUsers(after, limit) {
      const rows = await select<UserRow>(
        `SELECT ${COLUMNS} FROM users WHERE id > $1 ORDER BY id LIMIT $2`,
        [after ?? 0, limit + 1],
      );
      const items = rows.slice(0, limit).map(toUser);
      return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
    },
    async updateUser(id, { role, disabled }, transaction) {
      const row = await selectUser(UPDATE, [id, role ?? null, disabled ?? null], transaction);
      return row && toUser(row);
    },
    async setPassword(id, passwordHash, transaction) {
      const row = await selectUser(
        `UPDATE users SET password_hash = $2 WHERE id = $1 RETURNING ${COLUMNS}`,
        [id, passwordHash],
        transaction,
      );
      return row !== null;
    },
  };
};

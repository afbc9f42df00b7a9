import type { Role, Scope } from './scopes';

/** JSON of /api-keys, /users and /session. Times are ISO 8601, UTC. */

export interface CreateApiKeyBody {
  name: string;
  scope: Scope;
  /** ISO date or time in the future; absent: until it is revoked. */
  expires_at?: string;
}

export interface ApiKeyDto {
  id: number;
  name: string;
  scope: Scope;
  /** The last four characters, for people to tell their keys apart. */
  last4: string;
  created_at: string;
  expires_at: string | null;
  /** To the minute. */
  last_used_at: string | null;
}

export interface IssuedApiKeyDto extends ApiKeyDto {
  /** The key itself; no other reply ever shows it. */
  key: string;
}

export interface CreateUserBody {
  /** What the person signs in with; kept in small letters. */
  name: string;
  role: Role;
  /** Absent: the person signs in by a link and chooses one. */
  password?: string;
}

export interface UpdateUserBody {
  role?: Role;
  disabled?: boolean;
}

export interface SetPasswordBody {
  password: string;
}

export interface UserDto {
  id: number;
  name: string;
  role: Role;
  has_password: boolean;
  created_at: string;
  disabled_at: string | null;
  last_sign_in_at: string | null;
}

export interface SignInLinkDto {
  /** Opens one session; send it as the `link_token` of POST /session. Shown once. */
  link_token: string;
  expires_at: string;
}

/** Either name and password, or what a sign-in link holds. */
export type SignInBody = { name: string; password: string } | { link_token: string };

export interface SessionDto {
  user: UserDto;
  /** To be sent as `X-CSRF-Token` with everything but GET and HEAD. */
  csrf_token: string;
  /** When it ends however busy it is. */
  expires_at: string;
  /** All open sessions of this person, the newest first. */
  sessions: { created_at: string; last_seen_at: string; is_current: boolean }[];
}

export interface ChangePasswordBody {
  /** Needed by whoever has a password. */
  current_password?: string;
  password: string;
}

/** What is stored of a person and goes with an erasure, or what has gone with it. */
export interface ErasureDto {
  id: number;
  /** Since when nothing of the person is stored any more; null: it still is. */
  erased_at: string | null;
  /** Rows with the person's name: 1 or 0. */
  names: number;
  /** Written by the person. */
  posts: number;
  comments: number;
  /** Posts, comments and communities of others that name the person: in a text, a signature, a repost. */
  mentions: number;
  /** Tasks that count the person among their authors. */
  task_links: number;
  /** Events, pasted lines, names of tasks and kept replies that name the person. */
  events: number;
}

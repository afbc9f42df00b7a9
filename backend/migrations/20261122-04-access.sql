-- Who may what: keys that end by themselves, people with passwords, their sessions and links.

ALTER TABLE api_keys ADD COLUMN expires_at timestamptz, ADD COLUMN last_used_at timestamptz;
COMMENT ON COLUMN api_keys.last_used_at IS 'Written at most once a minute.';

CREATE TABLE users (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- In one form (NFKC, small letters), so that it is found however it is typed.
  name text NOT NULL UNIQUE,
  role text NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
  -- argon2id; null for somebody who signs in by a link until there is a password.
  password_hash text,
  created_at timestamptz NOT NULL DEFAULT now(),
  disabled_at timestamptz,
  last_sign_in_at timestamptz
);

CREATE TABLE sessions (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- SHA-256 of what the cookie holds.
  token_hash bytea NOT NULL UNIQUE,
  user_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,
  created_at timestamptz NOT NULL DEFAULT now(),
  last_seen_at timestamptz NOT NULL DEFAULT now(),
  -- However busy it is kept.
  expires_at timestamptz NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_id, id);
CREATE INDEX sessions_by_end ON sessions (expires_at);

CREATE TABLE sign_in_links (
  token_hash bytea PRIMARY KEY,
  user_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,
  expires_at timestamptz NOT NULL
);
COMMENT ON TABLE sign_in_links IS 'Each opens one session; its row goes with its use.';
CREATE INDEX sign_in_links_by_user ON sign_in_links (user_id);

CREATE TABLE sign_in_attempts (
  -- SHA-256: what is typed as a name may be a password.
  subject bytea PRIMARY KEY,
  attempts integer NOT NULL,
  ends_at timestamptz NOT NULL
);
COMMENT ON TABLE sign_in_attempts IS 'Attempts to sign in, by account, by address and by both, until the window ends.';
CREATE INDEX sign_in_attempts_by_end ON sign_in_attempts (ends_at);

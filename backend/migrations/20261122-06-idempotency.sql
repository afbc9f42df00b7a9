-- Replies to requests that carried an Idempotency-Key. Where it can be, the row is written in the
-- transaction of what the request did: after a crash either both are there or neither.

CREATE TABLE idempotency_keys (
  -- Whose key it is: the same text of another caller is another key.
  owner text NOT NULL,
  key text NOT NULL,
  request_hash bytea NOT NULL,
  -- The reply; null while a long request is at work, which renews its hold.
  status smallint,
  location text,
  body jsonb,
  held_until timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (owner, key)
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

-- The VK tokens as all processes know them: what VK said of each, and how much of its quota is used.

CREATE TABLE vk_tokens (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- 16 hex characters of the token's SHA-256: its name in Redis, in logs and here.
  fingerprint text NOT NULL UNIQUE,
  kind text NOT NULL CHECK (kind IN ('user', 'service', 'community')),
  name text,
  last4 text NOT NULL,
  -- 'environment': named in VK_TOKENS of some process, which last said so at seen_at.
  source text NOT NULL CHECK (source IN ('vault', 'environment')),
  seen_at timestamptz NOT NULL DEFAULT now(),
  -- Nonce, AES-256-GCM ciphertext and tag, bound to the fingerprint; key_id names the secret.
  ciphertext bytea,
  key_id text,
  -- Set while VK does not accept the token: a person must act.
  quarantined_at timestamptz,
  reason_kind text,
  reason_code integer,
  -- Null while nobody knows.
  can_execute boolean,
  added_at timestamptz NOT NULL DEFAULT now(),
  checked_at timestamptz,
  CONSTRAINT vk_tokens_sealed CHECK ((source = 'vault') = (ciphertext IS NOT NULL)
    AND (ciphertext IS NULL) = (key_id IS NULL))
);
COMMENT ON TABLE vk_tokens IS 'Never a token in the clear: those of VK_TOKENS are not stored at all.';

CREATE TABLE vk_token_methods (
  fingerprint text NOT NULL REFERENCES vk_tokens (fingerprint) ON DELETE CASCADE,
  -- '*' stands for all methods.
  method text NOT NULL,
  -- VK's code, where it said that this token cannot make this method at all.
  refused_code integer,
  rest_since timestamptz,
  rest_until timestamptz,
  -- Rests in a row, without a success between: each is longer.
  rest_level smallint,
  rest_kind text,
  rest_code integer,
  -- Calls within 24 hours after which VK last said that its quota is used up.
  learned_cap integer CHECK (learned_cap > 0),
  learned_at timestamptz,
  PRIMARY KEY (fingerprint, method)
);

-- Not tied to vk_tokens: VK goes on counting for a token that is removed and added again.
CREATE TABLE vk_quota (
  fingerprint text NOT NULL,
  method text NOT NULL,
  hour timestamptz NOT NULL,
  calls integer NOT NULL CHECK (calls >= 0),
  PRIMARY KEY (fingerprint, method, hour)
);
COMMENT ON TABLE vk_quota IS 'Calls made, single or within execute. Hours, since VK''s day is a sliding one.';
CREATE INDEX vk_quota_by_hour ON vk_quota (hour);

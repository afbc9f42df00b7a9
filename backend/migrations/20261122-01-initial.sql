-- Tables of the first release. Rows of communities, authors, posts and comments belong to nobody:
-- deleting a task never deletes them. Identifiers of VK are unique only within one wall, hence the
-- two-column keys. Every `content_hash` covers what counts as a change (no volatile URLs), so that an
-- update that changes nothing writes nothing.

CREATE TABLE settings (
  key text PRIMARY KEY,
  value jsonb NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE settings IS 'What this database remembers about itself, such as the VK host it was filled from.';

CREATE TABLE api_keys (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL,
  key_hash bytea NOT NULL UNIQUE,
  last4 text NOT NULL,
  scope text NOT NULL CHECK (scope IN ('read', 'write', 'admin')),
  is_internal boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  revoked_at timestamptz
);
CREATE UNIQUE INDEX api_keys_internal ON api_keys (name) WHERE is_internal AND revoked_at IS NULL;

CREATE TABLE communities (
  id bigint PRIMARY KEY CHECK (id > 0),
  name text,
  screen_name text,
  type text,
  is_closed smallint,
  deactivated text,
  raw jsonb,
  content_hash bigint NOT NULL,
  fetched_at timestamptz NOT NULL,
  first_seen_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE authors (
  id bigint PRIMARY KEY CHECK (id > 0),
  first_name text,
  last_name text,
  screen_name text,
  deactivated text,
  content_hash bigint NOT NULL,
  fetched_at timestamptz NOT NULL,
  first_seen_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE authors IS 'People who wrote. Communities that wrote (from_id below zero) are rows of communities.';

CREATE TABLE posts (
  owner_id bigint NOT NULL,
  id bigint NOT NULL,
  from_id bigint,
  date timestamptz NOT NULL,
  text text NOT NULL,
  post_type text,
  likes integer NOT NULL,
  reposts integer NOT NULL,
  views integer,
  comments integer NOT NULL,
  is_pinned boolean NOT NULL,
  marked_as_ads boolean NOT NULL,
  signer_id bigint,
  edited_at timestamptz,
  attachments jsonb NOT NULL,
  copy_history jsonb NOT NULL,
  geo jsonb,
  raw jsonb,
  deleted_at timestamptz,
  content_hash bigint NOT NULL,
  fetched_at timestamptz NOT NULL,
  first_seen_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (owner_id, id)
);
CREATE INDEX posts_by_date ON posts (owner_id, date DESC, id DESC);

CREATE TABLE comments (
  owner_id bigint NOT NULL,
  id bigint NOT NULL,
  post_id bigint NOT NULL,
  from_id bigint,
  date timestamptz NOT NULL,
  text text NOT NULL,
  likes integer NOT NULL,
  thread_root_id bigint,
  reply_to_comment_id bigint,
  reply_to_user_id bigint,
  is_deleted boolean NOT NULL,
  attachments jsonb NOT NULL,
  raw jsonb,
  deleted_at timestamptz,
  content_hash bigint NOT NULL,
  fetched_at timestamptz NOT NULL,
  first_seen_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (owner_id, id)
);
CREATE INDEX comments_by_post ON comments (owner_id, post_id, id);

CREATE TABLE tasks (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text,
  status text NOT NULL DEFAULT 'queued',
  waiting_for text CHECK (waiting_for IN ('quota', 'token', 'captcha')),
  waiting_until timestamptz,
  reason_kind text,
  posts_limit integer CHECK (posts_limit > 0),
  posts_since timestamptz,
  posts_until timestamptz,
  posts_filter text NOT NULL DEFAULT 'all' CHECK (posts_filter IN ('all', 'owner', 'others')),
  collect_comments boolean NOT NULL DEFAULT true,
  collect_threads boolean NOT NULL DEFAULT true,
  priority smallint NOT NULL DEFAULT 5 CHECK (priority BETWEEN 1 AND 10),
  progress real NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 1),
  created_at timestamptz NOT NULL DEFAULT now(),
  started_at timestamptz,
  finished_at timestamptz,
  CONSTRAINT tasks_status CHECK (status IN ('queued', 'running', 'waiting', 'pausing', 'paused',
    'cancelling', 'cancelled', 'completed', 'partial', 'failed'))
);

CREATE TABLE targets (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  task_id bigint NOT NULL REFERENCES tasks ON DELETE CASCADE,
  refs text[] NOT NULL CHECK (cardinality(refs) > 0),
  -- Set once the reference is resolved; post_id only for a link to one post.
  owner_id bigint,
  post_id bigint,
  status text NOT NULL DEFAULT 'queued',
  reason_kind text,
  reason_code integer,
  waiting_for text CHECK (waiting_for IN ('quota', 'token', 'captcha')),
  waiting_until timestamptz,
  -- Each claim adds one; a commit of an older epoch matches no row.
  epoch integer NOT NULL DEFAULT 0,
  lease_until timestamptz,
  -- Claims in a row that ended without a commit: a poison target is failed, not retried for ever.
  barren_claims integer NOT NULL DEFAULT 0,
  posts integer NOT NULL DEFAULT 0,
  comments integer NOT NULL DEFAULT 0,
  -- Authors that this target was the first of its task to meet: the sum over targets is exact.
  authors integer NOT NULL DEFAULT 0,
  new_rows integer NOT NULL DEFAULT 0,
  changed_rows integer NOT NULL DEFAULT 0,
  deleted_rows integer NOT NULL DEFAULT 0,
  -- For the progress bar: posts that VK's counter promises, and walks begun and ended.
  posts_expected integer,
  walks_total integer NOT NULL DEFAULT 0,
  walks_done integer NOT NULL DEFAULT 0,
  calls integer NOT NULL DEFAULT 0,
  requests integer NOT NULL DEFAULT 0,
  errors integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(),
  started_at timestamptz,
  finished_at timestamptz,
  CONSTRAINT targets_status CHECK (status IN ('queued', 'running', 'waiting', 'completed',
    'partial', 'failed', 'cancelled'))
);
CREATE INDEX targets_by_task ON targets (task_id, id);
CREATE INDEX targets_due ON targets (status, id) WHERE status IN ('queued', 'running', 'waiting');
CREATE UNIQUE INDEX targets_once ON targets (task_id, owner_id, coalesce(post_id, 0))
  WHERE owner_id IS NOT NULL;
CREATE INDEX targets_of_wall ON targets (owner_id) WHERE status IN ('queued', 'running');

CREATE TABLE walks (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  target_id bigint NOT NULL REFERENCES targets ON DELETE CASCADE,
  kind text NOT NULL CHECK (kind IN ('wall', 'post', 'comments', 'thread')),
  owner_id bigint NOT NULL,
  post_id bigint NOT NULL DEFAULT 0,
  root_id bigint NOT NULL DEFAULT 0,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'failed')),
  reason_kind text,
  reason_code integer,
  -- Everything before this offset of the list is read and proven contiguous.
  position integer NOT NULL DEFAULT 0 CHECK (position >= 0),
  -- Ids of the last page; the next page must share one of them.
  anchors bigint[] NOT NULL DEFAULT '{}',
  -- What the proof needs beside position and anchors: see walkState.
  memory jsonb NOT NULL DEFAULT '{}',
  -- Pages committed so far: the compare-and-set of every move.
  version integer NOT NULL DEFAULT 0,
  passes integer NOT NULL DEFAULT 0,
  -- VK's counts in the last reply: of this list, and (comments) of all levels.
  vk_count integer,
  vk_count_all integer,
  stored integer NOT NULL DEFAULT 0,
  inline_stored integer NOT NULL DEFAULT 0,
  stubs integer NOT NULL DEFAULT 0,
  vanished integer NOT NULL DEFAULT 0,
  unlisted integer,
  created_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  UNIQUE (target_id, kind, post_id, root_id)
);
CREATE INDEX walks_open ON walks (target_id, id) WHERE state = 'open';
CREATE INDEX walks_failed ON walks (target_id, id) WHERE state = 'failed';

CREATE TABLE task_posts (
  task_id bigint NOT NULL REFERENCES tasks ON DELETE CASCADE,
  owner_id bigint NOT NULL,
  post_id bigint NOT NULL,
  seen text NOT NULL CHECK (seen IN ('new', 'changed', 'same')),
  PRIMARY KEY (task_id, owner_id, post_id)
);

CREATE TABLE task_authors (
  task_id bigint NOT NULL REFERENCES tasks ON DELETE CASCADE,
  author_id bigint NOT NULL,
  PRIMARY KEY (task_id, author_id)
);
COMMENT ON COLUMN task_authors.author_id IS 'A person above zero, a community below.';

CREATE TABLE task_events (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  task_id bigint NOT NULL REFERENCES tasks ON DELETE CASCADE,
  target_id bigint REFERENCES targets ON DELETE CASCADE,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  type text NOT NULL,
  data jsonb NOT NULL
);
CREATE INDEX task_events_by_task ON task_events (task_id, id);

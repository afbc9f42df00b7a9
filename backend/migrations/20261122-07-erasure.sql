-- People who asked to be forgotten. Who they are cannot be read here: `mark` is a keyed hash of the
-- person's id, and the key (setting `erasure_key`) is encrypted under the secret of the installation.

CREATE TABLE erased_people (
  mark bytea PRIMARY KEY,
  erased_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE erased_people IS 'Rows are never removed: their number tells whether the list has grown.';

-- What is left of what an erased person wrote: a node without author and words that keeps its place.
ALTER TABLE posts ADD COLUMN erased_at timestamptz;
ALTER TABLE comments ADD COLUMN erased_at timestamptz;

-- Called by whoever is about to store what VK sent, in the transaction that stores it. Until it ends
-- nobody is added to the list, so that nothing of a person can arrive behind the back of an erasure.
-- Two statements, each with a snapshot of its own: the second sees what the first has waited for.
CREATE FUNCTION hold_erased_people() RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(7836505);
  RETURN (SELECT count(*) FROM erased_people);
END
$$;

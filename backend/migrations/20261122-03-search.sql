-- Reading at scale, and search in Russian. `search` holds the stems of the words, and beside them tags:
-- `=photo` for what is attached, `=deleted` and the like for what a record is, `#тег` for hashtags. No
-- word is ever stored with such a sign, so that one GIN index serves them all together.

-- Whatever is neither ASCII nor a letter becomes a space: quotation marks, dashes and emoji would stick
-- to the words beside them. One character for one, so that a place in the result is the same place in
-- the text. Longer texts than VK takes are cut: a tsvector has an end.
CREATE FUNCTION searchable_text(content text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN regexp_replace(left(content, 100000), '[^\t-~\u00C0-\u1FFF\u2C00-\uD7FF]', ' ', 'g');

CREATE FUNCTION search_tags(content text, attachments jsonb, marks text[]) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  kinds text[];
  hashtags text[];
BEGIN
  IF jsonb_typeof(attachments) = 'array' AND attachments <> '[]' THEN
    kinds := ARRAY(
      SELECT left(item ->> 'type', 50) FROM jsonb_array_elements(attachments) AS item);
    marks := marks || 'attachments'::text || kinds;
  END IF;
  IF 'link' = ANY (kinds) OR content ~ '://|[[:alnum:]]\.[[:alpha:]]{2,}/' THEN
    marks := marks || 'links'::text;
  END IF;
  IF strpos(content, '#') > 0 THEN
    hashtags := ARRAY(
      SELECT '#' || replace(left(lower(tag[1]), 100), 'ё', 'е')
      FROM regexp_matches(content, '#([0-9A-Za-z_\u00C0-\u1FFF\u2C00-\uD7FF]+)', 'g') AS tag);
  END IF;
  RETURN array_to_tsvector(
    ARRAY(SELECT '=' || mark FROM unnest(marks) AS mark WHERE mark <> '') || hashtags);
END $$;

-- A repost often says nothing itself: what it repeats is found with it.
ALTER TABLE posts ADD COLUMN search tsvector NOT NULL GENERATED ALWAYS AS (
  to_tsvector('pg_catalog.russian',
    searchable_text(text || ' ' || coalesce(copy_history -> 0 ->> 'text', '')))
  || search_tags(text || ' ' || coalesce(copy_history -> 0 ->> 'text', ''), attachments, ARRAY[
    CASE WHEN deleted_at IS NOT NULL THEN 'deleted' END,
    CASE WHEN is_pinned THEN 'pinned' END,
    CASE WHEN marked_as_ads THEN 'ad' END,
    CASE WHEN copy_history <> '[]' THEN 'repost' END,
    CASE WHEN edited_at IS NOT NULL THEN 'edited' END,
    CASE WHEN geo IS NOT NULL THEN 'geo' END])
) STORED;

-- Most comments are words and nothing else: only the others pay for the tags.
ALTER TABLE comments ADD COLUMN search tsvector NOT NULL GENERATED ALWAYS AS (
  CASE WHEN attachments = '[]' AND NOT is_deleted AND text !~ '[#/]'
    THEN to_tsvector('pg_catalog.russian', searchable_text(text))
    ELSE to_tsvector('pg_catalog.russian', searchable_text(text))
      || search_tags(text, attachments, ARRAY[CASE WHEN is_deleted THEN 'deleted' END])
  END
) STORED;

-- `fastupdate` stays on: entries are merged many at a time, which costs the writer a third.
CREATE INDEX posts_search ON posts USING gin (search);
CREATE INDEX comments_search ON comments USING gin (search);

-- Each order in which lists are read. Those by a count hold what has at least one: most have none.
DROP INDEX posts_by_date;
CREATE INDEX posts_by_wall ON posts (owner_id, date, id);
CREATE INDEX posts_by_date ON posts (date, owner_id, id);
CREATE INDEX posts_by_author ON posts (from_id, date, owner_id, id);
CREATE INDEX posts_by_likes ON posts (likes, owner_id, id) WHERE likes > 0;
CREATE INDEX posts_by_comments ON posts (comments, owner_id, id) WHERE comments > 0;
CREATE INDEX posts_by_reposts ON posts (reposts, owner_id, id) WHERE reposts > 0;
CREATE INDEX posts_by_views ON posts (views, owner_id, id) WHERE views > 0;
CREATE INDEX comments_by_wall ON comments (owner_id, date, id) INCLUDE (from_id);
CREATE INDEX comments_by_date ON comments (date, owner_id, id) INCLUDE (from_id);
CREATE INDEX comments_by_author ON comments (from_id, date, owner_id, id);
CREATE INDEX comments_by_likes ON comments (likes, owner_id, id) WHERE likes > 0;
CREATE INDEX comments_by_thread ON comments (owner_id, thread_root_id, id)
  WHERE thread_root_id IS NOT NULL;

-- People and communities by the beginnings of the words of their names.
CREATE FUNCTION name_words(first text, second text, short text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN to_tsvector('pg_catalog.simple', translate(
  coalesce(first, '') || ' ' || coalesce(second, '') || ' ' || coalesce(short, ''), 'ёЁ', 'еЕ'));

CREATE INDEX authors_by_name ON authors USING gin (name_words(first_name, last_name, screen_name));
CREATE INDEX communities_by_name ON communities USING gin (name_words(name, NULL, screen_name));

import type { Sequelize, Transaction } from 'sequelize';
import { bigints, integers, jsons, texts, timestamps } from './arrays';
import { distinctNewest } from './upsert';

export interface CommunityInput {
  id: number;
  name: string | null;
  screenName: string | null;
  type: string | null;
  isClosed: number | null;
  deactivated: string | null;
  /** VK's whole object, or null where VK sent only the few fields of a page's `groups`. */
  raw: unknown;
  contentHash: number;
  fetchedAt: Date;
}

export interface CommunityRepository {
  /** Idempotent; the short form beside a page never takes away what the whole form brought. */
  upsertMany(communities: CommunityInput[], transaction?: Transaction): Promise<void>;
}

const UPSERT = `
INSERT INTO communities AS kept (id, name, screen_name, type, is_closed, deactivated, raw,
  content_hash, fetched_at)
SELECT id, name, screen_name, type, is_closed, deactivated, raw::jsonb, content_hash, fetched_at
FROM (SELECT
    unnest($1::bigint[]) AS id, unnest($2::text[]) AS name, unnest($3::text[]) AS screen_name,
    unnest($4::text[]) AS type, unnest($5::int[]) AS is_closed, unnest($6::text[]) AS deactivated,
    unnest($7::text[]) AS raw, unnest($8::bigint[]) AS content_hash,
    unnest($9::timestamptz[]) AS fetched_at) AS read
ON CONFLICT (id) DO UPDATE SET
  name = excluded.name, screen_name = excluded.screen_name, type = excluded.type,
  is_closed = excluded.is_closed, deactivated = excluded.deactivated,
  raw = coalesce(excluded.raw, kept.raw), content_hash = excluded.content_hash,
  fetched_at = excluded.fetched_at
WHERE kept.fetched_at <= excluded.fetched_at
  AND (kept.content_hash <> excluded.content_hash
    OR (kept.raw IS NULL AND excluded.raw IS NOT NULL))`;

export const createCommunityRepository = ({
  sequelize,
}: {
  sequelize: Sequelize;
}): CommunityRepository => ({
  async upsertMany(communities, transaction) {
    if (communities.length === 0) return;
    const rows = distinctNewest(communities, [(row) => row.id]);
    await sequelize.query(UPSERT, {
      bind: [
        bigints(rows, (row) => row.id),
        texts(rows, (row) => row.name),
        texts(rows, (row) => row.screenName),
        texts(rows, (row) => row.type),
        integers(rows, (row) => row.isClosed),
        texts(rows, (row) => row.deactivated),
        jsons(rows, (row) => row.raw),
        bigints(rows, (row) => row.contentHash),
        timestamps(rows, (row) => row.fetchedAt),
      ],
      transaction: transaction ?? null,
    });
  },
});

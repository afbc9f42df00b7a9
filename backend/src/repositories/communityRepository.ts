import type { Sequelize, Transaction } from 'sequelize';
import { column, distinctNewest, jsonColumn } from './upsert';

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
FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::smallint[], $6::text[],
  $7::text[], $8::bigint[], $9::timestamptz[])
  AS read (id, name, screen_name, type, is_closed, deactivated, raw, content_hash, fetched_at)
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
        column(rows, (row) => row.id),
        column(rows, (row) => row.name),
        column(rows, (row) => row.screenName),
        column(rows, (row) => row.type),
        column(rows, (row) => row.isClosed),
        column(rows, (row) => row.deactivated),
        jsonColumn(rows, (row) => row.raw),
        column(rows, (row) => row.contentHash),
        column(rows, (row) => row.fetchedAt),
      ],
      transaction: transaction ?? null,
    });
  },
});

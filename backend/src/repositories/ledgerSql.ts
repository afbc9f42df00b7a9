import type { LedgerSum } from '@stenograf/contracts/api';

/** Sums over walks that reached the end of their list; `walks` must be in the FROM clause. */
export const LEDGER_COLUMNS = `
    count(*)::int AS ledger_walks,
    coalesce(sum(walks.vk_count), 0)::int AS ledger_vk_count,
    coalesce(sum(walks.stored), 0)::int AS ledger_stored,
    coalesce(sum(walks.stubs), 0)::int AS ledger_stubs,
    coalesce(sum(walks.vanished), 0)::int AS ledger_vanished,
    coalesce(sum(walks.unlisted), 0)::int AS ledger_unlisted`;

export interface LedgerRow {
  ledger_walks: number | null;
  ledger_vk_count: number | null;
  ledger_stored: number | null;
  ledger_stubs: number | null;
  ledger_vanished: number | null;
  ledger_unlisted: number | null;
}

export const toLedger = (row: LedgerRow): LedgerSum => ({
  walks: row.ledger_walks ?? 0,
  vk_count: row.ledger_vk_count ?? 0,
  stored: row.ledger_stored ?? 0,
  stubs: row.ledger_stubs ?? 0,
  vanished: row.ledger_vanished ?? 0,
  unlisted: row.ledger_unlisted ?? 0,
});

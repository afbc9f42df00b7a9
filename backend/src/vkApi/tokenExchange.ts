import type { Hold, Token } from './token';
import type { TokenJournal } from './tokenJournal';
import { quotaOf } from './tokenVerdicts';
import type { SharedToken, TokenNews } from './types';

type Told = { [List in keyof TokenJournal]: ReturnType<TokenJournal[List]['all']> };

/** What is untold now; it changes no more. */
export const copyOf = (journal: TokenJournal): Told => ({
  holds: journal.holds.all(),
  served: journal.served.all(),
  learnedCaps: journal.learnedCaps.all(),
  executes: journal.executes.all(),
  spent: journal.spent.all(),
});

export const strikeOut = (journal: TokenJournal, told: Told): void => {
  journal.holds.strike(told.holds);
  journal.served.strike(told.served);
  journal.learnedCaps.strike(told.learnedCaps);
  journal.executes.strike(told.executes);
  journal.spent.strike(told.spent);
};

/** Between processes times are told as durations, so that no two clocks are compared. */
export const newsOf = (
  { holds, served, learnedCaps, executes, spent }: Told,
  nowMs: number,
): TokenNews => ({
  holds: holds.map(({ fingerprint, method, value: { sinceMs, untilMs, level, kind, code } }) => ({
    fingerprint,
    method,
    sinceMsAgo: nowMs - sinceMs,
    leftMs: untilMs === Infinity ? null : untilMs - nowMs,
    level,
    kind,
    code,
  })),
  served: served.map(({ value, ...named }) => ({ ...named, msAgo: nowMs - value })),
  learnedCaps: learnedCaps.map(({ value, ...named }) => ({ ...named, cap: value })),
  executes: executes.map(({ value, ...named }) => ({ ...named, canExecute: value })),
  spent: spent.map(({ value, ...named }) => ({ ...named, calls: value })),
});

const holdsOf = ({ holds }: SharedToken, nowMs: number): Map<string, Hold> =>
  new Map(
    holds.map(({ method, sinceMsAgo, leftMs, ...hold }) => [
      method,
      { ...hold, sinceMs: nowMs - sinceMsAgo, untilMs: nowMs + (leftMs ?? Infinity) },
    ]),
  );

/** What was noted meanwhile is newer than what the others said. */
export const takeOver = (
  journal: TokenJournal,
  token: Token,
  shared: SharedToken,
  nowMs: number,
): void => {
  token.canExecute = journal.executes.get(token, 'execute') ?? shared.canExecute;
  const held = holdsOf(shared, nowMs);
  for (const method of [...token.holds.keys(), ...held.keys()]) {
    const hold = journal.holds.get(token, method) ?? held.get(method);
    if (hold) token.holds.set(method, hold);
    else token.holds.delete(method);
  }
  const quotas = new Map(shared.quotas.map((quota) => [quota.method, quota]));
  for (const method of [...token.quotas.keys(), ...quotas.keys()]) {
    const { used = 0, learnedCap = null, freeInMs = null } = quotas.get(method) ?? {};
    const newerCap = journal.learnedCaps.get(token, method);
    Object.assign(quotaOf(token, method), {
      used: used + journal.spent.get(token, method),
      learnedCap: newerCap === undefined ? learnedCap : newerCap,
      freeAtMs: freeInMs === null ? null : nowMs + freeInMs,
    });
  }
};

export type ScopeEdge = 'since' | 'until';

const MS_PER = { h: 3_600_000, d: 86_400_000 } as const;
const AGE = /^(\d{1,5})([hd])$/;
const DATE =
  /^([1-9]\d{3}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)(Z|[+-]\d{2}:\d{2})?)?$/i;

/** A zone can lead out of what four digits of a year say, and then nothing else reads the time. */
const MS_MAX = Date.parse('9999-12-31T23:59:59.999Z');

// The platform reads 30 February as 2 March.
const isInCalendar = (day: string): boolean => {
  const midnight = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day);
};

/**
 * A bound of a scope: an ISO date, an ISO time (UTC unless it names a zone), or an age such as
 * `30d` or `12h`. Bounds are inclusive, so that a date without a time ends with its last
 * millisecond when it is an `until`.
 * @returns null for anything else, days that no calendar has included.
 */
export const parseScopeDate = (text: string, edge: ScopeEdge, now: Date): Date | null => {
  const age = AGE.exec(text);
  if (age) return new Date(now.getTime() - Number(age[1]) * MS_PER[age[2] === 'h' ? 'h' : 'd']);
  const [, day, time, zone = 'Z'] = DATE.exec(text) ?? [];
  if (day === undefined || !isInCalendar(day)) return null;
  if (time === undefined) {
    return new Date(`${day}T${edge === 'since' ? '00:00:00.000' : '23:59:59.999'}Z`);
  }
  const date = new Date(`${day}T${time}${zone.toUpperCase()}`);
  return date.getTime() <= MS_MAX ? date : null;
};

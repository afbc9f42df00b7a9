/**
 * The pace of one token, kept in one Redis hash and by the clock of Redis alone:
 * `next` the next free slot, `spacing` between slots, `drew` the spacing that last drew VK's
 * error 6, `widened` when that was. Times in milliseconds. Numbers are formatted, since Lua's own
 * conversion keeps 14 digits and a clock with fractions has 16.
 */

/**
 * Reserves the next slot if it begins within the horizon. Without a known slot (a first start, an
 * emptied Redis, a clock that stepped back) the first one comes only after all reservations that
 * may still be out have passed; that is written down even though the caller is refused, else
 * nobody would ever start. A slot that its holder missed is taken back first if it is still the
 * last one given: nothing was sent on it, so that only the time missed is lost.
 *
 * Whoever hears late of its slot asks for one that lies so far ahead (lead), and whoever knows the
 * clock of Redis only roughly for a margin on both sides, within which it may be early or late.
 *
 * KEYS: state. ARGV: spacing, horizon, penalty, quiet time, time to live, missed slot (0: none),
 * what it kept free behind it, lead, margin.
 * Returns granted (1 or 0), ms to wait for the slot or before asking again, slot, now, spacing.
 */
export const RESERVE_SLOT = `
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local base, horizon, penalty = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local state = redis.call('HMGET', KEYS[1], 'next', 'spacing', 'drew', 'widened')
local next, spacing = tonumber(state[1]), base
local drew, widened = tonumber(state[3]), tonumber(state[4])
if drew then
  local isQuiet = now - widened > tonumber(ARGV[4])
  spacing = math.max(base, isQuiet and drew * 1.05 or tonumber(state[2]))
end
local missed = tonumber(ARGV[6])
if next and missed > 0 and math.abs(missed + tonumber(ARGV[7]) - next) < 0.01 then
  next = missed
end
if not next or next > now + 2 * (horizon + spacing) + penalty then
  next = now + horizon + spacing
end
local margin = tonumber(ARGV[9])
local slot = math.max(next + margin, now + tonumber(ARGV[8]))
local wait = slot - now
local granted = wait <= horizon
if granted then next = slot + spacing + margin end
local function text(number) return string.format('%.3f', number) end
redis.call('HSET', KEYS[1], 'next', text(next), 'spacing', text(spacing))
redis.call('PEXPIRE', KEYS[1], ARGV[5])
local rest = granted and wait or wait - horizon
return { granted and 1 or 0, text(rest), text(slot), text(now), text(spacing) }
`;

/**
 * After error 6: holds the token for the penalty, and widens its spacing unless that was done
 * already since the refused request was sent.
 *
 * KEYS: state. ARGV: spacing of the refused request, its widest value, horizon, penalty, time to
 * live. Returns the spacing.
 */
export const WIDEN_SPACING = `
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local drew, horizon, penalty = tonumber(ARGV[1]), tonumber(ARGV[3]), tonumber(ARGV[4])
local state = redis.call('HMGET', KEYS[1], 'next', 'spacing')
local next, spacing = tonumber(state[1]), tonumber(state[2]) or drew
local function text(number) return string.format('%.3f', number) end
if spacing <= drew + 0.01 then
  spacing = math.min(drew * 1.25, math.max(drew, tonumber(ARGV[2])))
  redis.call('HSET', KEYS[1], 'drew', text(drew), 'widened', text(now))
end
next = math.max(next or (now + horizon + spacing), now + penalty)
redis.call('HSET', KEYS[1], 'next', text(next), 'spacing', text(spacing))
redis.call('PEXPIRE', KEYS[1], ARGV[5])
return text(spacing)
`;

import { isIP } from 'node:net';
import Joi from 'joi';

/** Who is believed to be who, and how much each may ask. */
export interface AccessConfig {
  /** argon2id: what each hash of a password costs. */
  passwordCost: { memoryKib: number; passes: number };
  session: {
    /** Milliseconds without a request after which a session ends. */
    idleMs: number;
    /** Milliseconds after which it ends however busy it is. */
    maxMs: number;
  };
  /** Of one key or person; 0: no limit. */
  requestsPerMinute: number;
  /** Proxies whose `X-Forwarded-*` are believed: how many stand before us, or their networks. */
  trustProxy: number | string[];
}

const splitList = (value: string): string[] => value.split(',').map((part) => part.trim());

const isNetwork = (text: string): boolean => {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(text)) return true;
  const [address = '', bits = '0', ...rest] = text.split('/');
  const bitsMax = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return rest.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= bitsMax;
};

const isHops = (text: string): boolean => /^\d$/.test(text);

const isOrigin = (text: string): boolean => {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.origin === text;
};

/** A custom rule that passes `value` on when `isGood`. */
const only =
  (isGood: (value: string) => boolean): Joi.CustomValidator<string> =>
  (value, { error }) =>
    isGood(value) ? value : error('any.invalid');

/** Part of the schema of all settings. */
export const ACCESS_SETTINGS = {
  // `*` would let any page act for whoever is signed in.
  CORS_ORIGINS: Joi.string()
    .allow('')
    .custom(only((value) => splitList(value).every((part) => part === '' || isOrigin(part))))
    .default(''),
  RATE_LIMIT_PER_MINUTE: Joi.number().integer().min(0).max(1_000_000).default(6_000),
  // `true` would believe whatever a stranger writes.
  TRUST_PROXY: Joi.string()
    .allow('')
    .custom(only((value) => isHops(value) || splitList(value).every(isNetwork)))
    .default(''),
};

const HOUR_MS = 3_600_000;

const readTrustProxy = (value: string): number | string[] => {
  if (value === '') return 0;
  return isHops(value) ? Number(value) : splitList(value);
};

/** Settings that have been checked → how access is granted. */
export const readAccess = (value: {
  RATE_LIMIT_PER_MINUTE: number;
  TRUST_PROXY: string;
}): AccessConfig => ({
  passwordCost: { memoryKib: 64 * 1024, passes: 3 },
  session: { idleMs: 12 * HOUR_MS, maxMs: 7 * 24 * HOUR_MS },
  requestsPerMinute: value.RATE_LIMIT_PER_MINUTE,
  trustProxy: readTrustProxy(value.TRUST_PROXY),
});

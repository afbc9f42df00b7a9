import type { Request } from 'express';
import { ipKeyGenerator } from 'express-rate-limit';

/** A household or a server has a whole network of this size. */
const IPV6_PREFIX = 64;

/**
 * Where a request comes from, to be counted by. `X-Forwarded-For` is believed only from the proxies
 * that TRUST_PROXY names.
 */
export const peerAddressOf = ({ ip }: Request): string => ipKeyGenerator(ip ?? '', IPV6_PREFIX);

/**
 * How long a condition is waited for that an idle machine brings about within seconds. Long, because
 * one that is late on a busy machine tells nothing.
 */
export const PATIENCE_MS = 60_000;

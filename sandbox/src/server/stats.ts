/** A request above the limit of its token, as the host sees it. */
export interface Violation {
  /** Last four characters of the token. */
  token: string;
  /** Moment of arrival, ISO 8601. */
  at: string;
  /** Requests in the fullest one-second window that holds this one. */
  countInWindow: number;
}

export interface SandboxStats {
  /** HTTP requests to /method/. */
  requests: number;
  /** Method calls that were run, those inside `execute` one by one. */
  calls: number;
  callsByMethod: Record<string, number>;
  errorsByCode: Record<number, number>;
  violations: Violation[];
  /** Calls in each `execute` that was run. */
  packs: number[];
  /** Most requests that were open at one time. */
  inflightMax: number;
  /** From the first arrival to the last one. */
  spanMs: number;
}

export interface StatsRecorder {
  request(arrivedAtMs: number): void;
  call(method: string): void;
  error(code: number): void;
  violation(violation: Violation): void;
  pack(calls: number): void;
  opened(): void;
  closed(): void;
  snapshot(): SandboxStats;
  reset(): void;
}

const createEmpty = (): SandboxStats => ({
  requests: 0,
  calls: 0,
  callsByMethod: {},
  errorsByCode: {},
  violations: [],
  packs: [],
  inflightMax: 0,
  spanMs: 0,
});

export const createStatsRecorder = (): StatsRecorder => {
  let stats = createEmpty();
  let firstArrivalMs: number | null = null;
  let inflight = 0;
  return {
    request: (arrivedAtMs) => {
      stats.requests += 1;
      firstArrivalMs ??= arrivedAtMs;
      stats.spanMs = Math.max(stats.spanMs, arrivedAtMs - firstArrivalMs);
    },
    call: (method) => {
      stats.calls += 1;
      stats.callsByMethod[method] = (stats.callsByMethod[method] ?? 0) + 1;
    },
    error: (code) => {
      stats.errorsByCode[code] = (stats.errorsByCode[code] ?? 0) + 1;
    },
    violation: (violation) => {
      stats.violations.push(violation);
    },
    pack: (calls) => {
      stats.packs.push(calls);
    },
    opened: () => {
      inflight += 1;
      stats.inflightMax = Math.max(stats.inflightMax, inflight);
    },
    closed: () => {
      inflight -= 1;
    },
    snapshot: () => structuredClone(stats),
    reset: () => {
      stats = createEmpty();
      firstArrivalMs = null;
    },
  };
};

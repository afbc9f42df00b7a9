import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export interface FinishedRequest {
  method: string;
  /** The pattern of the route; undefined where no route was reached. */
  route: string | undefined;
  /** null: the caller left before an answer began. */
  status: number | null;
  durationS: number;
}

/** A number of things that are open. */
interface Level {
  inc(): void;
  dec(): void;
}

/** What this process alone knows: its requests and its own state. */
export interface ProcessMetrics {
  requestsInFlight: Level;
  eventStreams: Level;
  requestFinished(request: FinishedRequest): void;
  /** As Prometheus reads it. */
  show(): Promise<string>;
}

/**
 * Of what the library measures, what is true on Bun. It shows no handles, no garbage collection and
 * spaces of a heap that Bun does not have, all as 0 or nothing; more heap used than there is; delays
 * that are no number, or 292 years; and Node's version.
 */
const TRUE_ON_BUN = new Set([
  // The first of them sets the others.
  'nodejs_eventloop_lag_seconds',
  'nodejs_eventloop_lag_max_seconds',
  'nodejs_eventloop_lag_p50_seconds',
  'nodejs_eventloop_lag_p90_seconds',
  'nodejs_eventloop_lag_p99_seconds',
  'process_cpu_seconds_total',
  'process_cpu_system_seconds_total',
  'process_cpu_user_seconds_total',
  'process_max_fds',
  'process_open_fds',
  'process_resident_memory_bytes',
  'process_start_time_seconds',
]);

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PATCH', 'DELETE', 'OPTIONS']);
const SECONDS = [0.005, 0.025, 0.1, 0.5, 1, 5, 30];

const createHttpMetrics = (registry: Registry) => {
  const registers = [registry];
  return {
    duration: new Histogram({
      name: 'stenograf_http_request_duration_seconds',
      help: 'Requests to this process, by the pattern of their route; streams until their end.',
      labelNames: ['method', 'route', 'status'],
      buckets: SECONDS,
      registers,
    }),
    requestsInFlight: new Gauge({
      name: 'stenograf_http_requests_in_flight',
      help: 'Requests that this process is answering, this one included.',
      registers,
    }),
    eventStreams: new Gauge({
      name: 'stenograf_event_streams_open',
      help: 'Streams of task events that this process has open.',
      registers,
    }),
  };
};

const addRuntime = (registry: Registry, version: string): void => {
  collectDefaultMetrics({ register: registry });
  for (const { name } of registry.getMetricsAsArray()) {
    const isOurs = name.startsWith('stenograf_');
    if (!isOurs && !TRUE_ON_BUN.has(name)) registry.removeSingleMetric(name);
  }
  new Gauge({
    name: 'stenograf_build_info',
    help: 'Always 1; the versions are its labels.',
    labelNames: ['version', 'bun'],
    registers: [registry],
  }).set({ version, bun: Bun.version }, 1);
};

/** @param version of Stenograf */
export const createProcessMetrics = (version: string): ProcessMetrics => {
  const registry = new Registry();
  const { duration, ...levels } = createHttpMetrics(registry);
  let isRuntimeWatched = false;
  return {
    ...levels,
    requestFinished({ method, route = 'unmatched', status, durationS }) {
      const labels = {
        method: METHODS.has(method) ? method : 'other',
        route,
        status: status === null ? 'aborted' : `${Math.floor(status / 100)}xx`,
      };
      duration.observe(labels, durationS);
    },
    show() {
      // From the first reader on: a process that nobody watches need not watch itself.
      if (!isRuntimeWatched) addRuntime(registry, version);
      isRuntimeWatched = true;
      return registry.metrics();
    },
  };
};

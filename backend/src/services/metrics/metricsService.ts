import { Gauge, Registry } from 'prom-client';
import type { MetricsRepository } from '../../repositories/metricsRepository';
import type { Logger } from '../../utils/logger';
import { withDeadline } from '../../utils/withDeadline';
import type { QuotaService } from '../tokens/quotaService';
import type { VkTokenSnapshot } from '../tokens/tokenReader';
import type { VkTokenService } from '../tokens/vkTokenService';
import { byLabel, type MetricFamily } from './family';
import type { ProcessMetrics } from './processMetrics';
import { tokenMetrics } from './tokenMetrics';
import { workMetrics } from './workMetrics';

export interface MetricsService {
  /**
   * Everything, as Prometheus reads it. Never fails and takes about two seconds at most: what cannot
   * be read now is left out, and said to be. Whoever asks while it is being read gets the same.
   */
  show(): Promise<string>;
}

export interface MetricsDependencies {
  processMetrics: Pick<ProcessMetrics, 'show'>;
  metricsRepository: MetricsRepository;
  vkTokenService: Pick<VkTokenService, 'listTokens'>;
  quotaService: QuotaService;
  /** Jobs of BullMQ by state. */
  countJobs: () => Promise<Record<string, number>>;
  /** What the service cannot do without, by name; each throws when it does not answer. */
  dependencies: Record<string, () => Promise<unknown>>;
  logger: Logger;
}

const PART_MS_MAX = 2_000;
const TOKENS_PER_READ = 500;

/** What is read apart from the rest, so that an outage takes away no more than it must. */
type Parts = Record<string, () => Promise<MetricFamily[]>>;

const listAllTokens = async ({
  vkTokenService,
}: Pick<MetricsDependencies, 'vkTokenService'>): Promise<VkTokenSnapshot[]> => {
  const tokens: VkTokenSnapshot[] = [];
  let after: number | null = 0;
  while (after !== null) {
    const page = await vkTokenService.listTokens({ after, limit: TOKENS_PER_READ });
    tokens.push(...page.items);
    after = page.next;
  }
  return tokens;
};

const UP = { name: 'stenograf_up', help: 'Whether it answers: 1 or 0.', label: 'dependency' };
const READ = {
  name: 'stenograf_metrics_read',
  help: 'Whether this part of the metrics could be read just now; if 0, it is left out.',
  label: 'part',
};

const queueMetrics = (counts: Record<string, number>): MetricFamily[] => [
  {
    name: 'stenograf_queue_jobs',
    help: 'Hints in the queue, by the state that BullMQ gives them.',
    samples: Object.entries(counts).map(([state, value]) => ({ labels: { state }, value })),
  },
];

const createParts = (deps: MetricsDependencies): Parts => ({
  work: async () => workMetrics(await deps.metricsRepository.countWork()),
  tokens: async () => {
    const [tokens, quotas] = [await listAllTokens(deps), await deps.quotaService.listQuotas()];
    return tokenMetrics(tokens, quotas);
  },
  queue: async () => queueMetrics(await deps.countJobs()),
});

const addFamily = (registry: Registry, { name, help, samples }: MetricFamily): void => {
  const [first] = samples;
  if (!first) return;
  const labelNames = Object.keys(first.labels ?? {});
  const gauge = new Gauge({ name, help, labelNames, registers: [registry] });
  for (const { labels = {}, value } of samples) gauge.set(labels, value);
};

export const createMetricsService = (deps: MetricsDependencies): MetricsService => {
  const parts = createParts(deps);

  const attempt = async <T>(name: string, work: () => Promise<T>): Promise<T | null> => {
    try {
      return await withDeadline(work(), PART_MS_MAX, 'No answer in time.');
    } catch (error) {
      deps.logger.debug('metrics not read', { check: name, error });
      return null;
    }
  };

  const isUp = async (name: string, check: () => Promise<unknown>) =>
    [name, (await attempt(name, async () => (await check(), true))) ?? false] as const;

  const readPart = async (name: string, read: () => Promise<MetricFamily[]>) =>
    [name, await attempt(name, read)] as const;

  /** Made anew each time: a value that cannot be read now must not be the one of before. */
  const collect = async (): Promise<string> => {
    const [ups, reads] = await Promise.all([
      Promise.all(Object.entries(deps.dependencies).map(([name, check]) => isUp(name, check))),
      Promise.all(Object.entries(parts).map(([name, part]) => readPart(name, part))),
    ]);
    const up = new Map(ups);
    const read = new Map(reads);
    const registry = new Registry();
    const families = [
      byLabel(UP, [...up.keys()], (name) => Number(up.get(name))),
      byLabel(READ, [...read.keys()], (name) => Number(read.get(name) !== null)),
      ...reads.flatMap(([, found]) => found ?? []),
    ];
    for (const family of families) addFamily(registry, family);
    return `${await registry.metrics()}\n${await deps.processMetrics.show()}`;
  };

  let running: Promise<string> | null = null;
  return {
    show: () =>
      (running ??= collect().finally(() => {
        running = null;
      })),
  };
};

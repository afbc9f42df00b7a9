import type { MetricsService } from '../services/metrics/metricsService';
import type { Controller } from './route';

/** The text format of Prometheus; 0.0.4 is its version, not ours. */
const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

export const createMetricsController =
  ({ metricsService }: { metricsService: MetricsService }): Controller =>
  async (_request, response) => {
    const text = await metricsService.show();
    response.set('Content-Type', CONTENT_TYPE).send(text);
  };

import type { HealthDto } from '@stenograf/contracts/api';
import type { Logger } from '../utils/logger';
import { withDeadline } from '../utils/withDeadline';
import type { Controller } from './route';

/** What the service cannot do without, by name; a check throws when it fails. */
export type HealthChecks = Record<string, () => Promise<unknown>>;

export interface HealthController {
  live: Controller;
  ready: Controller;
}

const CHECK_MS_MAX = 2_000;

export const createHealthController = ({
  health,
  logger,
}: {
  health: HealthChecks;
  logger: Logger;
}): HealthController => {
  // The reason goes to the log alone: it may name hosts, and these routes are open.
  const run = async (name: string, check: () => Promise<unknown>) => {
    try {
      await withDeadline(check(), CHECK_MS_MAX, 'No answer in time.');
      return [name, { ok: true }] as const;
    } catch (error) {
      logger.warn('Health check failed', { check: name, error });
      return [name, { ok: false }] as const;
    }
  };

  return {
    live(_request, response) {
      const answer: HealthDto = { status: 'ok', checks: {} };
      response.json(answer);
    },
    async ready(_request, response) {
      const names = Object.entries(health);
      const results = await Promise.all(names.map(([name, check]) => run(name, check)));
      const ok = results.every(([, result]) => result.ok);
      const answer: HealthDto = {
        status: ok ? 'ok' : 'unavailable',
        checks: Object.fromEntries(results),
      };
      response.status(ok ? 200 : 503).json(answer);
    },
  };
};

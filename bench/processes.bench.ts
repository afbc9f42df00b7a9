import { startWorkerProcess } from '@stenograf/backend/tests/support/startWorkerProcess';
import { openInstallation } from './support/installation';
import { report } from './support/report';
import { isSaturated, readSentRequests } from './support/sentRequests';
import { startBenchServices } from './support/services';
import { DEMO } from './support/worlds';

/** What four job processes make of the one token that they share, on the sandbox's demo world. */
const VK_LIMIT = 3;
const PROCESSES = 4;

const services = await startBenchServices();
const { collect, env, sandbox, stop } = await openInstallation({
  services,
  world: 'demo',
  requestsPerSecond: VK_LIMIT,
  withWorker: false,
});
const workers = await Promise.all(
  Array.from({ length: PROCESSES }, () =>
    startWorkerProcess({ ...env, VK_USER_RPS: String(VK_LIMIT), LOG_LEVEL: 'debug' }),
  ),
);

try {
  await collect(DEMO);
  const stats = await sandbox.readStats();
  const { fewest } = await sandbox.readTruth(DEMO);
  const sent = workers.map(({ log }) => readSentRequests(log));
  const saturated = sent.flatMap((requests) => requests.filter(isSaturated(requests)));
  const shares = sent.map(({ length }) => length);
  const calls = saturated.reduce((sum, request) => sum + request.calls, 0);
  await report('Four job processes, one token', [
    {
      what: 'requests sent ÷ allowed, from the first to the last',
      value: ((stats.requests - 1) / (stats.spanMs * VK_LIMIT)) * 1_000,
      atLeast: 0.9,
    },
    {
      what: 'requests above the limit, seen by the sandbox',
      value: stats.violations.length,
      atMost: 0,
    },
    {
      what: 'calls per `execute` request, while a process has enough to ask',
      value: calls / saturated.length,
      atLeast: 24,
    },
    { what: 'requests that this is told of ÷ all', value: saturated.length / stats.requests },
    {
      what: 'calls per request of any kind, over the whole run',
      value: stats.calls / stats.requests,
    },
    { what: 'calls made ÷ fewest possible calls', value: stats.calls / fewest.total },
    {
      what: 'requests of the least busy process ÷ of the busiest',
      value: Math.min(...shares) / Math.max(...shares),
    },
  ]);
} finally {
  await Promise.all(workers.map((worker) => worker.end('SIGTERM')));
  await stop();
  await services.stop();
}

import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { SandboxOptions } from '@stenograf/sandbox';
import type { SandboxStats } from '@stenograf/sandbox/server/stats';
import type { Truth } from '@stenograf/sandbox/world/truth';
import type { SandboxThreadAnswer } from './sandboxThread';

/** A sandbox on a thread of its own. */
export interface DemoSandbox {
  /** What to set as VK_API_URL. */
  readonly url: string;
  readonly port: number;
  readonly readTruth: () => Promise<Truth>;
  readonly readStats: () => Promise<SandboxStats>;
  readonly stop: () => Promise<void>;
}

/** Options that can be handed to another thread. */
export type DemoSandboxOptions = Pick<SandboxOptions, 'port' | 'seed'> & { world: 'demo' | 'tiny' };

/**
 * Starts a sandbox beside this thread: on ours it would count requests late whenever the collecting
 * keeps the thread busy, and so see more within one second than were sent.
 * @throws Error with code EADDRINUSE when the port is taken.
 */
export const startDemoSandbox = async (options: DemoSandboxOptions): Promise<DemoSandbox> => {
  const thread = new Worker(new URL('sandboxThread.ts', import.meta.url), { workerData: options });
  const [answer] = (await once(thread, 'message')) as [SandboxThreadAnswer];
  if ('failure' in answer) {
    await thread.terminate();
    throw Object.assign(new Error(answer.failure), { code: answer.code });
  }
  const { url, port } = answer;
  const read = async <T>(what: string): Promise<T> =>
    (await (await fetch(new URL(`/sandbox/${what}`, url))).json()) as T;
  return {
    url,
    port,
    readTruth: () => read<Truth>('truth'),
    readStats: () => read<SandboxStats>('stats'),
    stop: async () => {
      await thread.terminate();
    },
  };
};

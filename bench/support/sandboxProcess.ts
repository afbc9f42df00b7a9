import { USER_TOKEN } from '@stenograf/sandbox/limits/tokens';
import type { SandboxStats } from '@stenograf/sandbox/server/stats';
import type { Truth } from '@stenograf/sandbox/world/truth';
import { startChildProcess } from './childProcess';
import type { WorldName } from './worlds';

export interface SandboxProcess {
  pid: number;
  /** As VK_API_URL. */
  url: string;
  /** The user token that it knows. */
  token: string;
  readTruth(communityIds: readonly number[]): Promise<Truth>;
  readStats(): Promise<SandboxStats>;
  resetStats(): Promise<void>;
  stop(): Promise<void>;
}

/** A world in a process of its own, so that answering costs the collecting no time. */
export const startSandboxProcess = async (
  world: WorldName,
  requestsPerSecond: number,
  seed = 7,
): Promise<SandboxProcess> => {
  const args = [world, String(requestsPerSecond), String(seed)];
  const child = startChildProcess('sandboxMain.ts', args);
  const url = await child.readLine();
  const control = (what: string, method = 'GET'): Promise<Response> =>
    fetch(new URL(`/sandbox/${what}`, url), { method });
  return {
    pid: child.pid,
    url,
    token: USER_TOKEN,
    readTruth: async (communityIds) =>
      (await (await control(`truth?communities=${communityIds.join()}`)).json()) as Truth,
    readStats: async () => (await (await control('stats')).json()) as SandboxStats,
    resetStats: async () => void (await control('reset-stats', 'POST')),
    stop: child.kill,
  };
};

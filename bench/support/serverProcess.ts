import { startChildProcess } from './childProcess';
import { readRssOf, sampleDuring } from './memoryWorker';

/** An HTTP process whose answers are read and thrown away, and whose memory is watched. Linux only. */
export interface ServerProcess {
  readonly pid: number;
  /** Asks for a path below /api/v1. @throws Error unless the answer is a good one */
  get(path: string): Promise<Response>;
  /** Reads an answer to its end. @returns its bytes */
  read(path: string): Promise<number>;
  /** Resident megabytes, after its garbage was collected. */
  readRss(): Promise<number>;
  /** Resident megabytes, ten times a second, garbage included, until the work is done. */
  sampleDuring(work: Promise<unknown>): Promise<number[]>;
  stop(): Promise<void>;
}

/** @param env the settings, as `readConfig` takes them */
export const startServerProcess = async (
  env: Readonly<Record<string, string>>,
): Promise<ServerProcess> => {
  const child = startChildProcess('serverMain.ts', [], env);
  const [url, key] = (await child.readLine()).split(' ');
  const headers = { authorization: `Bearer ${key}` };
  const get = async (path: string): Promise<Response> => {
    const response = await fetch(`${url}/api/v1/${path}`, { headers });
    if (!response.ok) throw new Error(await response.text());
    return response;
  };
  return {
    pid: child.pid,
    get,
    read: async (path) => {
      const { body } = await get(path);
      let bytes = 0;
      for await (const chunk of body ?? []) bytes += chunk.byteLength;
      return bytes;
    },
    readRss: async () => {
      child.ask();
      await child.readLine();
      return readRssOf(child.pid);
    },
    sampleDuring: (work) => sampleDuring(child.pid, work),
    stop: child.end,
  };
};

import { fileURLToPath } from 'node:url';
import { readRssOf, sampleDuring } from './memoryWorker';

const MAIN = fileURLToPath(new URL('exportServerMain.ts', import.meta.url));

/** An HTTP process whose exports are read and thrown away, and whose memory is watched. Linux only. */
export interface ExportServer {
  /** Reads the export to its end. @returns its bytes */
  read(path: string): Promise<number>;
  /** Resident megabytes, after its garbage was collected. */
  readRss(): Promise<number>;
  /** Resident megabytes, ten times a second, garbage included, until the work is done. */
  sampleDuring(work: Promise<unknown>): Promise<number[]>;
  stop(): Promise<void>;
}

/** @param env the settings, as `readConfig` takes them */
export const startExportServer = async (
  env: Readonly<Record<string, string>>,
): Promise<ExportServer> => {
  const child = Bun.spawn([process.execPath, MAIN], {
    env: { PATH: process.env['PATH'], ...env },
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'inherit',
  });
  const reader = child.stdout.getReader();
  const readLine = async (): Promise<string> => {
    const { done, value } = await reader.read();
    if (done) throw new Error('The server ended early.');
    return Buffer.from(value).toString().trim();
  };
  const [url, key] = (await readLine()).split(' ');
  return {
    read: async (path) => {
      const response = await fetch(`${url}/api/v1/exports/${path}`, {
        headers: { authorization: `Bearer ${key}` },
      });
      if (!response.ok || !response.body) throw new Error(await response.text());
      let bytes = 0;
      for await (const chunk of response.body) bytes += chunk.byteLength;
      return bytes;
    },
    readRss: async () => {
      void child.stdin.write('\n');
      void child.stdin.flush();
      await readLine();
      return readRssOf(child.pid);
    },
    sampleDuring: (work) => sampleDuring(child.pid, work),
    stop: async () => {
      void child.stdin.end();
      await child.exited;
    },
  };
};

import { fileURLToPath } from 'node:url';
import type { SandboxStats } from '@stenograf/sandbox/server/stats';
import type { Truth } from '@stenograf/sandbox/world/truth';

const MAIN = fileURLToPath(new URL('../../sandbox/src/main.ts', import.meta.url));

export interface SandboxProcess {
  pid: number;
  /** As VK_API_URL and VK_TOKENS. */
  url: string;
  tokens: string;
  readTruth(): Promise<Truth>;
  readStats(): Promise<SandboxStats>;
  stop(): Promise<void>;
}

const readSettings = async (stdout: ReadableStream<Uint8Array>): Promise<Map<string, string>> => {
  const settings = new Map<string, string>();
  let text = '';
  for await (const chunk of stdout) {
    text += Buffer.from(chunk).toString('utf8');
    for (const [, name = '', value = ''] of text.matchAll(/^(\w+)=(.*)\n/gm)) {
      settings.set(name, value);
    }
    if (settings.has('VK_API_URL') && settings.has('VK_TOKENS')) return settings;
  }
  throw new Error('The sandbox did not start.');
};

/** The demo world in a process of its own, so that answering costs the collecting no time. */
export const startSandboxProcess = async (requestsPerSecond: number): Promise<SandboxProcess> => {
  const child = Bun.spawn(
    [process.execPath, MAIN, '--port', '0', '--world', 'demo', '--rps', String(requestsPerSecond)],
    { stdout: 'pipe', stderr: 'inherit' },
  );
  const settings = await readSettings(child.stdout);
  const url = settings.get('VK_API_URL') ?? '';
  const read = async <T>(what: string): Promise<T> =>
    (await (await fetch(new URL(`/sandbox/${what}`, url))).json()) as T;
  return {
    pid: child.pid,
    url,
    tokens: settings.get('VK_TOKENS') ?? '',
    readTruth: () => read<Truth>('truth'),
    readStats: () => read<SandboxStats>('stats'),
    stop: async () => {
      child.kill();
      await child.exited;
    },
  };
};

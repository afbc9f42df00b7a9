import { parentPort, workerData } from 'node:worker_threads';
import { createSandbox, type SandboxOptions } from '@stenograf/sandbox';

/** What the thread says once: where it listens, or why it does not. */
export type SandboxThreadAnswer =
  | { readonly url: string; readonly port: number }
  | { readonly failure: string; readonly code: string | null };

const start = async (): Promise<SandboxThreadAnswer> => {
  try {
    const { url, port } = await createSandbox(workerData as SandboxOptions);
    return { url, port };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : null;
    return { failure: String(error), code };
  }
};

parentPort?.postMessage(await start(), []);

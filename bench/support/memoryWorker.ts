import { readFileSync } from 'node:fs';
import { startChildProcess } from './childProcess';

const KB_PER_MB = 1_024;
const SAMPLE_EVERY_MS = 100;
/** What was freed goes back to the system only after a moment. */
const LOOKS = 10;

/** A job process whose memory is watched. Linux only. */
export interface MemoryWorker {
  /** Resident megabytes, after its garbage was collected: the least of some looks. */
  readRss(): Promise<number>;
  /** Resident megabytes, ten times a second, garbage included, until the work is done. */
  sampleDuring(work: Promise<unknown>): Promise<number[]>;
  stop(): Promise<void>;
}

/** Resident megabytes of a process. */
export const readRssOf = (pid: number): number => {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / KB_PER_MB;
};

export const sampleDuring = async (pid: number, work: Promise<unknown>): Promise<number[]> => {
  const samples: number[] = [];
  const timer = setInterval(() => samples.push(readRssOf(pid)), SAMPLE_EVERY_MS);
  await work.finally(() => clearInterval(timer));
  return samples;
};

/** @param env the settings, as `readConfig` takes them */
export const startMemoryWorker = async (
  env: Readonly<Record<string, string>>,
): Promise<MemoryWorker> => {
  const child = startChildProcess('memoryWorkerMain.ts', [], env);
  await child.readLine();
  return {
    readRss: async () => {
      const looks: number[] = [];
      while (looks.length < LOOKS) {
        child.ask();
        await child.readLine();
        looks.push(readRssOf(child.pid));
        await Bun.sleep(SAMPLE_EVERY_MS);
      }
      return Math.min(...looks);
    },
    sampleDuring: (work) => sampleDuring(child.pid, work),
    stop: child.end,
  };
};

import { spawnSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * A pid alone says nothing: it is given anew after a while, and a dead process whose parent has not
 * asked for its result still has one. These look at the process behind it.
 */
const readProc = (pid: number, name: string): string | null => {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return null;
  }
};

const askPs = (pid: number, column: string): string | null => {
  const ps = spawnSync('ps', ['-ww', '-o', `${column}=`, '-p', String(pid)], { encoding: 'utf8' });
  return ps.status === 0 ? ps.stdout.trim() || null : null;
};

const isGone = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ESRCH';

const isUsablePid = (pid: number): boolean => Number.isSafeInteger(pid) && pid > 0;

/** The arguments of a live process, separated by blanks; null for none, and for a zombie. */
export const findCommandLine = (pid: number): string | null => {
  if (!isUsablePid(pid)) return null;
  if (process.platform !== 'linux') return askPs(pid, 'command');
  return readProc(pid, 'cmdline')?.replaceAll('\0', ' ').trim() || null;
};

/** The folder a live process works in; null where the system does not tell. */
export const findWorkingFolder = (pid: number): string | null => {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return null;
  }
};

/** When a live process was started, in the system's own terms; null for none, and for a zombie. */
export const findProcessStart = (pid: number): string | null => {
  if (!isUsablePid(pid)) return null;
  if (process.platform !== 'linux') return askPs(pid, 'lstart');
  // Behind the name, which may hold blanks and brackets, field 1 is the state and 20 the start.
  const fields = readProc(pid, 'stat')
    ?.replace(/^.*\) /s, '')
    .split(' ');
  return fields && fields[0] !== 'Z' ? (fields[19] ?? null) : null;
};

/** Whether a signal would find something under this pid, a zombie included. */
export const isPidInUse = (pid: number): boolean => {
  if (!isUsablePid(pid)) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return !isGone(error);
  }
};

/** Waits until the process is gone (a zombie is); false when the time is over. */
export const waitForEnd = async (pid: number, waitMsMax: number): Promise<boolean> => {
  const start = findProcessStart(pid);
  const isThere = (): boolean => start !== null && findProcessStart(pid) === start;
  const deadline = Date.now() + waitMsMax;
  while (isThere()) {
    if (Date.now() >= deadline) return false;
    await sleep(10);
  }
  return true;
};

/** Sends a signal; a process that is already gone is no failure. */
export const sendSignal = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
};

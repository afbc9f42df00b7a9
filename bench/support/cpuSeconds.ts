import { readFile } from 'node:fs/promises';

/** Ticks a second of the kernel's accounts, the same on every Linux that one meets. */
const TICKS = 100;

/** Processor time that a process has used so far, all its threads together. Linux only. */
export const readCpuSeconds = async (pid: number): Promise<number> => {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // After the name, which may hold spaces: state is the first, user and system time the 12th and 13th.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
};

import { readFile } from 'node:fs/promises';
import { checkFaultPlan } from '@stenograf/sandbox/server/faultsCheck';
import { parseFaultPlan } from '@stenograf/sandbox/server/faultsParse';
import type { FaultPlan } from '@stenograf/sandbox/server/faults';
import { SWITCHES, type Switches, type SwitchName } from '@stenograf/sandbox/vk/switches';
import { createUsageError } from '../output/cliError';
import type { Sentences } from '../output/sentences/en';

/** null where there is no such file; the caller takes the words themselves instead. */
const findFile = (name: string): Promise<string | null> => readFile(name, 'utf8').catch(() => null);

const isSwitchName = (name: string): name is SwitchName => name in SWITCHES;

const toSwitch = (name: string, value: unknown, sentences: Sentences): Partial<Switches> => {
  if (!isSwitchName(name)) {
    throw createUsageError(sentences.notASwitch(name, Object.keys(SWITCHES).join(', ')));
  }
  const values: readonly unknown[] = SWITCHES[name];
  const known = values.find((one) => String(one) === String(value));
  if (known !== undefined) return { [name]: known };
  throw createUsageError(sentences.notASwitchValue(name, String(value), values.join(', ')));
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The switches of a report, or of a file that holds nothing else. */
const readSwitchesFile = (text: string): [string, unknown][] | null => {
  try {
    const parsed: unknown = JSON.parse(text);
    if (!isRecord(parsed)) return null;
    return Object.entries(isRecord(parsed['switches']) ? parsed['switches'] : parsed);
  } catch {
    return null;
  }
};

const splitList = (text: string): [string, unknown][] | null => {
  const parts = text.split(',').map((part) => /^\s*([^=\s]+)\s*=\s*(\S+)\s*$/.exec(part));
  return parts.some((part) => part === null)
    ? null
    : parts.map((part) => [part?.[1] ?? '', part?.[2]]);
};

/**
 * `name=value,…`, or the name of a file: a report of `probe`, or its switches alone.
 * @throws CliError `usage`
 */
export const readSwitches = async (
  value: string,
  sentences: Sentences,
): Promise<Partial<Switches>> => {
  const file = await findFile(value);
  const entries = file === null ? splitList(value) : readSwitchesFile(file);
  if (entries === null) throw createUsageError(sentences.notSwitches(value));
  return Object.assign({}, ...entries.map(([name, given]) => toSwitch(name, given, sentences)));
};

/**
 * The name of a file or the plan itself, in words or in JSON.
 * @throws CliError `usage`
 */
export const readFaults = async (value: string, sentences: Sentences): Promise<FaultPlan> => {
  const text = (await findFile(value)) ?? value;
  try {
    return /^\s*[[{]/.test(text) ? checkFaultPlan(JSON.parse(text)) : parseFaultPlan(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw createUsageError(sentences.badFaults(why));
  }
};

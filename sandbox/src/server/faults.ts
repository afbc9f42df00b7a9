import { VkFailure } from '../vk/errors';
import { createRandom, type Random } from '../world/random';

/**
 * What goes wrong. `vk-error` and `too-big` are VK's own answers, `short-page` and `wrong-count` change
 * what a reply holds; all others happen on the wire, below VK's envelope.
 */
export type FaultKind =
  | { kind: 'vk-error'; code: number; msg?: string; extra?: Record<string, unknown> }
  /** A page for people, with status 200. */
  | { kind: 'html-200' }
  /** A whole HTTP reply whose JSON stops in the middle. */
  | { kind: 'truncated-json' }
  /** The connection ends in the middle of the promised length. */
  | { kind: 'truncated-body' }
  /** A TCP reset before the first byte. */
  | { kind: 'reset' }
  /** Half of the reply at once, the rest after `ms`. */
  | { kind: 'stall'; ms: number }
  | { kind: 'http'; status: number; body?: string }
  /** The whole reply after `ms`. */
  | { kind: 'slow'; ms: number }
  | { kind: 'empty-body' }
  /** The connection ends in good order without an answer, as on a server that shuts down. */
  | { kind: 'close' }
  /** `execute` answers 13, response size is too big. */
  | { kind: 'too-big' }
  /** The last `items` of each list in the reply are left out; 1 by default. Counts stay. */
  | { kind: 'short-page'; items?: number }
  /** Counts of each list in the reply are off by `by`, never below 0. */
  | { kind: 'wrong-count'; by: number };

export type Fault = FaultKind & {
  /**
   * The request's method, or every one when left out. A `vk-error` of a method also strikes its calls
   * inside `execute`.
   */
  method?: string;
  /** Matches to let pass first; 0 by default. Those that another fault strikes count as well. */
  skip?: number;
  /** Matches to strike; 1 by default. */
  times?: number | 'always';
};

/** A fault that strikes by chance. */
export type FaultChance = FaultKind & {
  /** As for `Fault`. */
  method?: string;
  /** Share of the matches that it strikes, above 0 and up to 1. */
  share: number;
};

/** Everything that goes wrong, and when: the same plan and seed strike the same requests. */
export interface FaultPlan {
  /** For the chances; 7 by default. */
  seed?: number;
  script?: readonly Fault[];
  /** Drawn, in this order, for each request that the script lets pass. */
  chances?: readonly FaultChance[];
}

/** A fault that has struck. */
export interface FaultStrike {
  /** Requests to /method/ so far, this one included. */
  request: number;
  method: string;
  kind: FaultKind['kind'];
  /** VK's code, for a `vk-error`. */
  code?: number;
}

type VkErrorFault = Extract<FaultKind, { kind: 'vk-error' }>;

/** Faults in the order in which they were scripted; each strikes as often as it says. */
export interface FaultScript {
  add(fault: Fault): void;
  /** Adds a whole plan to what is scripted already. */
  plan(plan: FaultPlan): void;
  clear(): void;
  /** Strikes that have not happened yet, without those that have no end. */
  pending(): number;
  struck(): readonly FaultStrike[];
  takeForRequest(method: string): Fault | null;
  takeForInnerCall(method: string): VkErrorFault | null;
}

interface Entry {
  fault: Fault;
  skip: number;
  times: number;
}

interface Chance {
  fault: FaultChance;
  random: Random;
}

type Matches = (fault: FaultKind & { method?: string }) => boolean;

const DEFAULT_SEED = 7;

const isVkError = (fault: FaultKind): fault is VkErrorFault => fault.kind === 'vk-error';

/** The error that a fault scripts; `msg` stands for VK's whole text. */
export const scriptedFailure = ({ code, msg, extra }: VkErrorFault): VkFailure => {
  const failure = new VkFailure(code, undefined, extra);
  return msg === undefined ? failure : Object.assign(failure, { message: msg });
};

/** The first fault of the script whose turn it is; every match counts towards every `skip`. */
const takeScripted = (entries: Entry[], matches: Matches): Fault | null => {
  const matching = entries.filter(({ fault, times }) => times > 0 && matches(fault));
  const due = matching.find(({ skip }) => skip === 0);
  for (const entry of matching) if (entry.skip > 0) entry.skip -= 1;
  if (!due) return null;
  due.times -= 1;
  return due.fault;
};

/** Every chance is drawn for every match, so that one which strikes does not shift the others. */
const takeByChance = (chances: readonly Chance[], matches: Matches): FaultChance | null => {
  const drawn = chances
    .filter(({ fault }) => matches(fault))
    .filter(({ fault, random }) => random.chance(fault.share));
  return drawn[0]?.fault ?? null;
};

const matchesRequest =
  (method: string): Matches =>
  (fault) => {
    if (fault.kind === 'too-big' && method !== 'execute') return false;
    return fault.method === undefined || fault.method === method;
  };

export const createFaultScript = (): FaultScript => {
  let entries: Entry[] = [];
  let chances: Chance[] = [];
  const strikes: FaultStrike[] = [];
  let requests = 0;
  const take = (method: string, matches: Matches): Fault | null => {
    const fault = takeScripted(entries, matches) ?? takeByChance(chances, matches);
    if (!fault) return null;
    const code = isVkError(fault) ? { code: fault.code } : {};
    strikes.push({ request: requests, method, kind: fault.kind, ...code });
    return fault;
  };
  const add = (fault: Fault): void => {
    const times = fault.times === 'always' ? Number.POSITIVE_INFINITY : (fault.times ?? 1);
    entries = [
      ...entries.filter((entry) => entry.times > 0),
      { fault, skip: fault.skip ?? 0, times },
    ];
  };
  return {
    add,
    plan: ({ seed = DEFAULT_SEED, script = [], chances: added = [] }) => {
      for (const fault of script) add(fault);
      chances = [
        ...chances,
        ...added.map((fault, index) => ({ fault, random: createRandom(seed, `fault ${index}`) })),
      ];
    },
    clear: () => {
      entries = [];
      chances = [];
    },
    pending: () =>
      entries.reduce((sum, { times }) => sum + (Number.isFinite(times) ? times : 0), 0),
    struck: () => strikes,
    takeForRequest: (method) => {
      requests += 1;
      return take(method, matchesRequest(method));
    },
    takeForInnerCall: (method) => {
      const fault = take(method, (fault) => isVkError(fault) && fault.method === method);
      return fault && isVkError(fault) ? fault : null;
    },
  };
};

import { VkFailure } from '../vk/errors';

/** What goes wrong. All but `vk-error` and `too-big` happen on the wire, below VK's envelope. */
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
  /** `execute` answers 13, response size is too big. */
  | { kind: 'too-big' };

export type Fault = FaultKind & {
  /**
   * The request's method, or every one when left out. A `vk-error` of a method also strikes its calls
   * inside `execute`.
   */
  method?: string;
  /** Matches to let pass first; 0 by default. */
  skip?: number;
  /** Matches to strike; 1 by default. */
  times?: number;
};

type VkErrorFault = Extract<Fault, { kind: 'vk-error' }>;

/** Faults in the order in which they were scripted; each strikes as often as it says. */
export interface FaultScript {
  add(fault: Fault): void;
  clear(): void;
  /** Strikes that have not happened yet. */
  pending(): number;
  takeForRequest(method: string): Fault | null;
  takeForInnerCall(method: string): VkErrorFault | null;
}

interface Entry {
  fault: Fault;
  skip: number;
  times: number;
}

const isVkError = (fault: Fault): fault is VkErrorFault => fault.kind === 'vk-error';

/** The error that a fault scripts; `msg` stands for VK's whole text. */
export const scriptedFailure = ({ code, msg, extra }: VkErrorFault): VkFailure => {
  const failure = new VkFailure(code, undefined, extra);
  return msg === undefined ? failure : Object.assign(failure, { message: msg });
};

export const createFaultScript = (): FaultScript => {
  let entries: Entry[] = [];
  const take = (matches: (fault: Fault) => boolean): Fault | null => {
    for (const entry of entries) {
      if (!matches(entry.fault)) continue;
      if (entry.skip > 0) {
        entry.skip -= 1;
        continue;
      }
      entry.times -= 1;
      if (entry.times <= 0) entries = entries.filter((other) => other !== entry);
      return entry.fault;
    }
    return null;
  };
  return {
    add: (fault) => {
      entries.push({ fault, skip: fault.skip ?? 0, times: fault.times ?? 1 });
    },
    clear: () => {
      entries = [];
    },
    pending: () => entries.reduce((sum, { times }) => sum + times, 0),
    takeForRequest: (method) =>
      take((fault) => {
        if (fault.kind === 'too-big' && method !== 'execute') return false;
        return fault.method === undefined || fault.method === method;
      }),
    takeForInnerCall: (method) => {
      const fault = take((fault) => isVkError(fault) && fault.method === method);
      return fault && isVkError(fault) ? fault : null;
    },
  };
};

/** One question to VK. Whatever `params` leaves out is left out of the request too. */
export interface ProbeCall {
  method: string;
  params: Record<string, string | number>;
  /** Instead of the version of the settings. */
  version?: string;
  /** With the service key, whatever token asks the rest. */
  withServiceKey?: boolean;
  /** Characters of padding in the address itself, beside the parameters in the body. */
  addressPadding?: number;
}

/** Of an error the numbers alone: VK's words might name somebody. */
export type Answer =
  | { ok: true; response: unknown }
  | { ok: false; code: number }
  /** No reply of VK's API; only said of a call with `addressPadding`. */
  | { ok: false; code: null; status: number | null };

/**
 * Asks VK call by call and comes to a conclusion. It sends nothing itself: whoever runs it sends,
 * paces and counts, and recorded answers serve as well.
 */
export type Asking<T> = Generator<ProbeCall, T, Answer>;

export type Value = string | number | boolean;

export type Finding =
  | { state: 'seen'; value: Value; evidence: string; confidence: 'certain' | 'likely' }
  /** Asked, without coming across what would show it. */
  | { state: 'not_seen'; evidence: string; needed: string }
  /** Nothing harmless would show it. */
  | { state: 'not_asked'; needed: string };

export const certain = (value: Value, evidence: string): Finding => ({
  state: 'seen',
  value,
  evidence,
  confidence: 'certain',
});

export const likely = (value: Value, evidence: string): Finding => ({
  state: 'seen',
  value,
  evidence,
  confidence: 'likely',
});

export const notSeen = (evidence: string, needed: string): Finding => ({
  state: 'not_seen',
  evidence,
  needed,
});

export const notAsked = (needed: string): Finding => ({ state: 'not_asked', needed });

/** `error 212`, `HTTP status 414`: how an unexpected answer is put into evidence. */
export const describeRefusal = (answer: Exclude<Answer, { ok: true }>): string => {
  if (answer.code !== null) return `error ${answer.code}`;
  return answer.status === null ? 'no answer at all' : `HTTP status ${answer.status}`;
};

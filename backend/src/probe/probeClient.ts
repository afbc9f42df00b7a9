import type { Secret } from '../utils/secret';
import { decideOnError } from '../vkApi/errorActions';
import { TransportError } from '../vkApi/errors';
import { spacingMs } from '../vkApi/rateLimiter';
import { createTransport, type Transport, type VkAnswer } from '../vkApi/transport';
import type { Clock, VkApiConfig } from '../vkApi/types';
import type { Answer, ProbeCall } from './asking';

/** Requests of one run, repetitions included. */
export const CALLS_MAX = 95;

const ATTEMPTS_MAX = 3;
const PAUSE_MS = 1_000;

export type StopReason = 'calls' | 'token' | 'captcha' | 'unreachable';

/** Nothing more can be asked in this run. */
export class ProbeStop extends Error {
  override readonly name = 'ProbeStop';

  constructor(
    readonly reason: StopReason,
    /** VK's, where it was VK that said so. */
    readonly code: number | null = null,
  ) {
    super(`the run ended early (${reason})`);
  }
}

export interface PacedSecret {
  secret: Secret;
  /** Requests per second that VK allows it. */
  rps: number;
}

export type ProbeVkConfig = Pick<
  VkApiConfig,
  'url' | 'version' | 'jitterMs' | 'requestTimeoutMs' | 'responseBytesMax'
>;

interface Dependencies {
  vk: ProbeVkConfig;
  main: PacedSecret;
  serviceKey: PacedSecret | null;
  clock: Clock;
  signal: AbortSignal;
}

export interface ProbeClient {
  /**
   * Sends one call at the token's pace; what may pass is tried again.
   * @throws ProbeStop, from then on at every call; the signal's reason
   */
  ask(call: ProbeCall): Promise<Answer>;
  /** Requests sent. */
  calls(): number;
  /** Why nothing more can be asked; null while there is no reason. */
  stop(): ProbeStop | null;
  limitHeaders(): { names: readonly string[]; replies: number };
}

const LIMIT_HEADER = /rate|limit|quota|retry-after/i;

/** What came of one attempt: an answer, or why it should be made again. */
type Attempt = { answer: Answer } | { again: ProbeStop };

const createPace = ({ vk, clock, signal }: Dependencies) => {
  const nextAt = new Map<PacedSecret, number>();
  return async (token: PacedSecret): Promise<void> => {
    await clock.sleep(Math.max(0, (nextAt.get(token) ?? 0) - clock.monotonicMs()), signal);
    signal.throwIfAborted();
    nextAt.set(token, clock.monotonicMs() + spacingMs(token.rps, vk.jitterMs));
  };
};

const readAnswer = (call: ProbeCall, answer: VkAnswer): Attempt => {
  if (answer.ok) return { answer: { ok: true, response: answer.response } };
  const { code } = answer.error;
  const { action } = decideOnError(call.method, answer.error);
  if (action === 'retry' || action === 'slow') return { again: new ProbeStop('unreachable', code) };
  // The second token is asked one thing only; that it is refused is an answer to it.
  if (!call.withServiceKey) {
    if (action === 'disable') throw new ProbeStop('token', code);
    if (action === 'captcha') throw new ProbeStop('captcha', code);
  }
  return { answer: { ok: false, code } };
};

const createSend = ({ vk, signal }: Dependencies, onHeaders: (headers: Headers) => void) => {
  const transports = new Map<string, Transport>();
  const transportOf = (version: string): Transport => {
    const known = transports.get(version) ?? createTransport({ ...vk, version, onHeaders });
    transports.set(version, known);
    return known;
  };
  return async (call: ProbeCall, token: PacedSecret): Promise<Attempt> => {
    const { method, params, version = vk.version, addressPadding: padding = 0 } = call;
    const path = padding === 0 ? method : `${method}?padding=${'a'.repeat(padding)}`;
    try {
      return readAnswer(call, await transportOf(version)(path, params, token.secret, signal));
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof TransportError)) throw error;
      if (padding > 0) return { answer: { ok: false, code: null, status: error.status } };
      return { again: new ProbeStop('unreachable') };
    }
  };
};

/** A client that sends exactly what it is told to, within a fixed number of requests. */
export const createProbeClient = (deps: Dependencies): ProbeClient => {
  const { main, serviceKey, clock, signal } = deps;
  const names = new Set<string>();
  let replies = 0;
  let calls = 0;
  let stop: ProbeStop | null = null;
  const waitForSlot = createPace(deps);
  const send = createSend(deps, (headers) => {
    replies += 1;
    for (const name of headers.keys()) if (LIMIT_HEADER.test(name)) names.add(name);
  });

  const attempt = async (call: ProbeCall, token: PacedSecret): Promise<Attempt> => {
    if (calls >= CALLS_MAX) throw new ProbeStop('calls');
    await waitForSlot(token);
    calls += 1;
    return send(call, token);
  };

  const askUntilAnswered = async (call: ProbeCall): Promise<Answer> => {
    const token = call.withServiceKey && serviceKey ? serviceKey : main;
    for (let attempts = 1; ; attempts += 1) {
      const outcome = await attempt(call, token);
      if ('answer' in outcome) return outcome.answer;
      if (attempts === ATTEMPTS_MAX) throw outcome.again;
      await clock.sleep(PAUSE_MS * attempts, signal);
    }
  };

  return {
    ask: async (call) => {
      if (stop) throw stop;
      try {
        return await askUntilAnswered(call);
      } catch (error) {
        if (error instanceof ProbeStop) stop = error;
        throw error;
      }
    },
    calls: () => calls,
    stop: () => stop,
    limitHeaders: () => ({ names: [...names].sort(), replies }),
  };
};

import { countAboveRate, createCallers, type Caller } from '../limits/callers';
import { assertUsable, type SandboxToken } from '../limits/tokens';
import { METHODS } from '../methods/methodTable';
import { VkFailure } from '../vk/errors';
import { createMethodRunner, type RunnerDependencies } from './createMethodRunner';
import { renderFailure } from './envelope';
import { scriptedFailure, type Fault } from './faults';
import type { MethodRequest } from './readRequest';

interface ApiDependencies extends RunnerDependencies {
  tokens: readonly SandboxToken[];
}

/** One answered request; `fault` is what the wire is to do to the body. */
export interface Answer {
  body: string;
  fault: Fault | null;
}

export type Api = (request: MethodRequest) => Answer;

const assertEnvelope = ({ method, params }: MethodRequest): void => {
  if ((params.get('v') ?? '') === '') throw new VkFailure(8, 'v (version) is required');
  if (method !== 'execute' && !METHODS.has(method)) throw new VkFailure(3);
};

const getUsableCaller = (callers: ReadonlyMap<string, Caller>, token: string): Caller => {
  if (token === '') throw new VkFailure(5, 'no access_token passed.');
  const caller = callers.get(token);
  if (!caller) throw new VkFailure(5, 'invalid access_token (4).');
  assertUsable(caller.token);
  return caller;
};

/** Answers requests to /method/: rate first, then the scripted fault, then envelope and method. */
export const createApi = ({ tokens, ...dependencies }: ApiDependencies): Api => {
  const { faults, stats } = dependencies;
  const callers = createCallers(tokens);
  const runMethod = createMethodRunner(dependencies);

  const limitRate = (caller: Caller, arrivedAtMs: number): void => {
    const countInWindow = countAboveRate(caller, arrivedAtMs);
    if (countInWindow === null) return;
    const at = new Date(performance.timeOrigin + arrivedAtMs).toISOString();
    stats.violation({ token: caller.token.token.slice(-4), at, countInWindow });
    throw new VkFailure(6);
  };

  const answer = (request: MethodRequest, takeFault: () => Fault | null): string => {
    const token = request.params.get('access_token') ?? '';
    // A known token pays for every request it sends, a malformed one too.
    const known = callers.get(token);
    if (known) limitRate(known, request.arrivedAtMs);
    const fault = takeFault();
    if (fault?.kind === 'vk-error') throw scriptedFailure(fault);
    if (fault?.kind === 'too-big') throw new VkFailure(13, 'response size is too big');
    assertEnvelope(request);
    return runMethod(getUsableCaller(callers, token), request);
  };

  return (request) => {
    stats.request(request.arrivedAtMs);
    let fault: Fault | null = null;
    const takeFault = (): Fault | null => {
      fault = faults.takeForRequest(request.method);
      return fault;
    };
    try {
      return { body: answer(request, takeFault), fault };
    } catch (error) {
      if (!(error instanceof VkFailure)) throw error;
      stats.error(error.code);
      return { body: renderFailure(error, request), fault };
    }
  };
};

import type { createHumanCheck } from '../limits/humanCheck';
import type { TokenRegistry } from '../limits/tokenRegistry';
import type { SandboxToken } from '../limits/tokens';
import { METHODS } from '../methods/methodTable';
import { VkFailure } from '../vk/errors';
import { createMethodRunner, type RunnerDependencies } from './createMethodRunner';
import { renderFailure } from './envelope';
import { scriptedFailure, type Fault } from './faults';
import type { MethodRequest } from './readRequest';

interface ApiDependencies extends RunnerDependencies {
  tokens: TokenRegistry;
  assertHuman: ReturnType<typeof createHumanCheck>;
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

/** Answers requests to /method/: rate first, then the scripted fault, then envelope and method. */
export const createApi = ({ tokens, assertHuman, ...dependencies }: ApiDependencies): Api => {
  const { faults, limits, stats } = dependencies;
  const runMethod = createMethodRunner(dependencies);

  const limitRate = (token: SandboxToken, { address, arrivedAtMs }: MethodRequest): void => {
    const countInWindow = limits.countAboveRate(token, address, arrivedAtMs);
    if (countInWindow === null) return;
    const at = new Date(arrivedAtMs).toISOString();
    stats.violation({ token: token.token.slice(-4), at, countInWindow });
    throw new VkFailure(6);
  };

  const answer = (request: MethodRequest, takeFault: () => Fault | null): string => {
    const name = request.params.get('access_token') ?? '';
    // A known token pays for every request it sends, a malformed one too.
    const known = tokens.find(name);
    if (known) limitRate(known, request);
    const fault = takeFault();
    if (fault?.kind === 'vk-error') throw scriptedFailure(fault);
    if (fault?.kind === 'too-big') throw new VkFailure(13, 'response size is too big');
    assertEnvelope(request);
    const token = tokens.getUsable(name, request.address);
    assertHuman(token, request.params);
    return runMethod(token, request);
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

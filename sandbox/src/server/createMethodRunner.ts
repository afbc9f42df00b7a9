import { runExecute } from '../execute/runExecute';
import type { Clock } from '../clock';
import { assertMayCall } from '../limits/assertMayCall';
import type { Limits } from '../limits/createLimits';
import { refuseKind, type SandboxToken } from '../limits/tokens';
import { createCallContext, type CallContext } from '../methods/method';
import { METHODS } from '../methods/methodTable';
import { createCallParams, type RawParams } from '../vk/callParams';
import { VkFailure } from '../vk/errors';
import type { Switches } from '../vk/switches';
import type { World } from '../world/model';
import { scriptedFailure, type FaultScript } from './faults';
import type { MethodRequest } from './readRequest';
import type { StatsRecorder } from './stats';

export interface RunnerDependencies {
  clock: Clock;
  limits: Limits;
  world: World;
  /** Whether service keys may call `execute`. */
  serviceExecute: boolean;
  switches: Switches;
  faults: FaultScript;
  stats: StatsRecorder;
}

const assertMayExecute = (token: SandboxToken, serviceExecute: boolean): void => {
  const mayExecute = token.canExecute ?? (token.kind !== 'service' || serviceExecute);
  if (!mayExecute) refuseKind(token.kind);
};

/** Runs the method of a request that passed the limits; the runner throws VkFailure. */
export const createMethodRunner = (dependencies: RunnerDependencies) => {
  const { clock, limits, world, serviceExecute, switches, faults, stats } = dependencies;
  const { now } = clock;
  let replies = 0;

  const createContext = (token: SandboxToken, params: RawParams): CallContext => {
    replies += 1;
    return createCallContext({ world, switches, token, params, serial: replies, now });
  };

  const runMethod = (
    token: SandboxToken,
    { method: name, params, arrivedAtMs }: MethodRequest,
    context: CallContext,
  ): unknown => {
    const method = METHODS.get(name);
    if (!method) throw new VkFailure(3);
    assertMayCall(token, name, method.kinds);
    limits.assertNoFlood(token, { method: name, params }, arrivedAtMs);
    limits.spendQuota(token, name, arrivedAtMs);
    stats.call(name);
    return method.run(context, createCallParams(params));
  };

  const runInner = (token: SandboxToken, request: MethodRequest, context: CallContext): unknown => {
    try {
      const fault = faults.takeForInnerCall(request.method);
      if (fault) throw scriptedFailure(fault);
      return runMethod(token, request, context);
    } catch (error) {
      if (error instanceof VkFailure) stats.error(error.code);
      throw error;
    }
  };

  const runPack = (token: SandboxToken, request: MethodRequest, context: CallContext): string => {
    assertMayExecute(token, serviceExecute);
    const { params } = request;
    let calls = 0;
    const call = (method: string, callParams: RawParams): unknown => {
      calls += 1;
      return runInner(token, { ...request, method, params: callParams }, context);
    };
    const code = createCallParams(params).requireText('code');
    try {
      return runExecute({ code, params, bytesMax: switches.executeBytesMax, call });
    } finally {
      // Of an answer that was too big, too, for its calls were made.
      if (calls > 0) stats.pack(calls);
    }
  };

  return (token: SandboxToken, request: MethodRequest): string => {
    const context = createContext(token, request.params);
    if (request.method === 'execute') return runPack(token, request, context);
    return JSON.stringify({ response: runMethod(token, request, context) });
  };
};

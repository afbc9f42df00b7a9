import type { VkFailure } from '../vk/errors';
import { runtimeFailure } from './failures';
import type { RecordValue, Value } from './values';

export interface MachineOptions {
  /** Parameters of the request, as `Args`. */
  args: RecordValue;
  /** Runs one method; what it throws ends the script. */
  callApi: (method: string, params: RecordValue) => Value;
  apiCallsMax: number;
  operationsMax: number;
}

/** State of one running script. */
export interface Machine {
  variables: Map<string, Value>;
  /** @throws VkFailure 13 when the script has used up its operations */
  countOperation(): void;
  /** @throws VkFailure 13 when the script has used up its calls */
  callApi(method: string, params: RecordValue): Value;
}

const createBudget = (most: number, exhausted: () => VkFailure) => {
  let left = most;
  return () => {
    left -= 1;
    if (left < 0) throw exhausted();
  };
};

/** The wording of both refusals is unconfirmed: of VK's it is known only that they are error 13. */
export const createMachine = (options: MachineOptions): Machine => {
  const { args, callApi, apiCallsMax, operationsMax } = options;
  const countCall = createBudget(apiCallsMax, () => runtimeFailure('too many api calls'));
  return {
    variables: new Map([['Args', args]]),
    countOperation: createBudget(operationsMax, () => runtimeFailure('too many operations')),
    callApi: (method, params) => {
      countCall();
      return callApi(method, params);
    },
  };
};

import { VkFailure } from '../vk/errors';
import type { RawParams } from '../vk/callParams';
import { tooBigFailure } from '../vkscript/failures';
import { runScript } from '../vkscript/runScript';
import { isList, isRecord, toText, type RecordValue, type Value } from '../vkscript/values';

/** Limits of one `execute`; the size of the answer is a switch. */
const API_CALLS_MAX = 25;
const OPERATIONS_MAX = 1_000;

interface ExecuteError {
  method: string;
  error_code: number;
  error_msg: string;
}

interface ExecuteReply {
  response: Value;
  execute_errors?: ExecuteError[];
}

export interface ExecuteOptions {
  code: string;
  /** Parameters of the request, which the code reads as `Args`. */
  params: RawParams;
  bytesMax: number;
  call: (method: string, params: RawParams) => unknown;
}

/** A parameter as the wire would have it. */
const asParam = (value: Value): string => {
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (isList(value)) return value.map((item) => asParam(item)).join(',');
  return isRecord(value) ? JSON.stringify(value) : toText(value);
};

const asParams = (params: RecordValue): RawParams =>
  new Map(Object.entries(params).map(([name, value]) => [name, asParam(value)]));

const render = (response: Value, errors: readonly ExecuteError[], bytesMax: number): string => {
  const last = errors.at(-1);
  const reply: ExecuteReply = last
    ? { response, execute_errors: [...errors, { ...last, method: 'execute' }] }
    : { response };
  const body = JSON.stringify(reply);
  if (Buffer.byteLength(body) > bytesMax) throw tooBigFailure();
  return body;
};

/**
 * Runs the code of one `execute`. A failed call is `false` where the code made it, and its error is
 * listed in the order of calls; VK repeats the last of them at the end under the name of `execute`.
 * @returns the envelope as JSON
 * @throws VkFailure 12 for code that does not compile, 13 for what goes wrong while it runs and for
 * more than 25 calls, 1 000 operations or `bytesMax` of answer
 */
export const runExecute = ({ code, params, bytesMax, call }: ExecuteOptions): string => {
  const errors: ExecuteError[] = [];
  const callApi = (method: string, callParams: RecordValue): Value => {
    try {
      return call(method, asParams(callParams)) as Value;
    } catch (error) {
      if (!(error instanceof VkFailure)) throw error;
      errors.push({ method, error_code: error.code, error_msg: error.message });
      return false;
    }
  };
  const response = runScript(code, {
    args: Object.fromEntries(params),
    callApi,
    apiCallsMax: API_CALLS_MAX,
    operationsMax: OPERATIONS_MAX,
    bytesMax,
  });
  return render(response, errors, bytesMax);
};

import { VkFailure } from '../vk/errors';
import type { RawParams } from '../vk/callParams';
import { parseFlat } from './flat';

const CALLS_MAX = 25;

interface ExecuteError {
  method: string;
  error_code: number;
  error_msg: string;
}

export interface ExecuteReply {
  response: unknown[];
  execute_errors?: ExecuteError[];
}

/**
 * Runs the calls of one flat `execute` in order. A failed one is `false` in the answer, and its error
 * is listed; VK repeats the last of them at the end under the name of `execute`.
 * @throws VkFailure 12 for code that is not flat, 13 for more than 25 calls
 */
export const runExecute = (
  code: string,
  call: (method: string, params: RawParams) => unknown,
): ExecuteReply => {
  const calls = parseFlat(code);
  if (calls.length > CALLS_MAX) throw new VkFailure(13, 'too many api calls');
  const errors: ExecuteError[] = [];
  const response = calls.map(({ method, params }) => {
    try {
      return call(method, params);
    } catch (error) {
      if (!(error instanceof VkFailure)) throw error;
      errors.push({ method, error_code: error.code, error_msg: error.message });
      return false;
    }
  });
  const last = errors.at(-1);
  if (!last) return { response };
  return { response, execute_errors: [...errors, { ...last, method: 'execute' }] };
};

import type { VkErrorReply } from './errorActions';
import type { InnerError } from './transport';

/** VK's limit of API calls in one `execute`. */
export const CALLS_PER_EXECUTE = 25;

/** Keeps the form of a packed request well under the sizes that VK's front answers 413 to. */
export const CODE_LENGTH_MAX = 48_000;

/** A call as VKScript. JSON is a subset of it, so that any text stays a literal. */
export const innerCallCode = (method: string, params: Record<string, unknown>): string =>
  `API.${method}(${JSON.stringify(params)})`;

/**
 * The flat form alone: a script that touches what a failed call returned dies as a whole and hides
 * the cause (VK's error 13).
 */
export const executeCode = (innerCalls: readonly string[]): string =>
  `return [${innerCalls.join(',')}];`;

export type InnerOutcome =
  | { type: 'reply'; reply: unknown }
  | { type: 'error'; error: VkErrorReply }
  /** Nothing certain is known of this call: it must be made again, alone. */
  | { type: 'unclear' };

/**
 * Gives each call of a pack its part of the answer. A failed call leaves `false` in its place (no
 * method of ours answers `false`), and the k-th of them belongs to the k-th entry of
 * `execute_errors` that is not about `execute` itself. What does not add up is never guessed at.
 */
export const matchReplies = (
  methods: readonly string[],
  response: unknown,
  executeErrors: readonly InnerError[],
): InnerOutcome[] => {
  if (!Array.isArray(response) || response.length !== methods.length) {
    return methods.map(() => ({ type: 'unclear' }));
  }
  const replies: unknown[] = response;
  const errors = executeErrors.filter((error) => error.method !== 'execute');
  const failed = [...replies.keys()].filter((index) => replies[index] === false);
  const matches =
    errors.length === failed.length &&
    failed.every((index, k) => errors[k]?.method === methods[index]);
  return replies.map((reply, index) => {
    if (reply === null || reply === undefined) return { type: 'unclear' };
    if (reply !== false) return { type: 'reply', reply };
    const error = matches ? errors[failed.indexOf(index)] : undefined;
    return error ? { type: 'error', error } : { type: 'unclear' };
  });
};

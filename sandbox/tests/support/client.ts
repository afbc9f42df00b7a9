import { createSandbox, type Sandbox, type SandboxOptions } from '../../src/createSandbox';

export type Params = Record<string, string | number>;

export interface VkError {
  error_code: number;
  error_msg: string;
  request_params: { key: string; value: string }[];
}

export interface Envelope<T> {
  /** Absent where there is an `error`: each test knows which of the two it asked for. */
  response: T;
  error?: VkError;
  execute_errors?: { method: string; error_code: number; error_msg: string }[];
}

/** Enough requests a second that no test meets the limit unless it wants to. */
export const FAST_TOKENS = [
  { token: 'user-fast', kind: 'user', rps: 100_000 },
  { token: 'service-fast', kind: 'service', rps: 100_000 },
  { token: 'community-fast', kind: 'community', rps: 100_000 },
] as const;

export const startSandbox = (options: SandboxOptions = {}): Promise<Sandbox> =>
  createSandbox({ tokens: FAST_TOKENS, ...options });

/** One POST with an urlencoded body, as most SDKs send it. */
export const post = (sandbox: Sandbox, method: string, params: Params): Promise<Response> =>
  fetch(`${sandbox.url}/${method}`, {
    method: 'POST',
    body: new URLSearchParams(
      Object.entries(params).map(([name, value]) => [name, String(value)] as [string, string]),
    ),
  });

export const callVk = async <T>(
  sandbox: Sandbox,
  method: string,
  params: Params = {},
): Promise<Envelope<T>> => {
  const all = { v: '5.199', lang: 'ru', access_token: 'user-fast', ...params };
  return (await (await post(sandbox, method, all)).json()) as Envelope<T>;
};

/** The `response` of a call that must succeed. */
export const askVk = async <T>(
  sandbox: Sandbox,
  method: string,
  params: Params = {},
): Promise<T> => {
  const envelope = await callVk<T>(sandbox, method, params);
  if (envelope.error) throw new Error(envelope.error.error_msg);
  return envelope.response;
};

/** Code of a call that must fail. */
export const failCode = async (
  sandbox: Sandbox,
  method: string,
  params: Params = {},
): Promise<number | undefined> => (await callVk(sandbox, method, params)).error?.error_code;

/** Why a promise was rejected; null when it was not. */
export const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => null,
    (error: unknown) => error,
  );

export interface StandInCall {
  method: string;
  params: Record<string, unknown>;
  token: string;
}

export interface StandInRequest {
  /** `performance.now()` at arrival. */
  atMs: number;
  /** As in the address: `execute` for a pack. */
  method: string;
  token: string;
  calls: StandInCall[];
}

export interface StandInError {
  code: number;
  text?: string;
}

export interface StandInBehaviour {
  /** What VK answers to one call, packed or not. */
  call?: (call: StandInCall) => { reply: unknown } | { error: StandInError };
  /** What VK answers to a whole request; undefined leaves it to `call`. */
  request?: (
    request: StandInRequest,
  ) => Promise<Response | false | undefined> | Response | false | undefined;
}

export interface VkStandIn {
  url: string;
  requests: StandInRequest[];
  close: () => Promise<void>;
}

export const errorResponse = ({ code, text = '' }: StandInError): Response =>
  Response.json({ error: { error_code: code, error_msg: text, request_params: [] } });

/** A server that answers as VK would: flat `execute`, `false` and `execute_errors` included. */
export const createVkStandIn = (behaviour: StandInBehaviour = {}): VkStandIn => {
  const requests: StandInRequest[] = [];
  const answerCall = behaviour.call ?? echoParams;

  const server = Bun.serve({
    port: 0,
    fetch: async (incoming) => {
      const atMs = performance.now();
      const form = Object.fromEntries(new URLSearchParams(await incoming.text()));
      const { access_token: token = '', code = '', ...params } = form;
      const method = new URL(incoming.url).pathname.split('/').at(-1) ?? '';
      const calls = method === 'execute' ? innerCalls(code, token) : [{ method, params, token }];
      const request = { atMs, method, token, calls };
      requests.push(request);
      const special = await behaviour.request?.(request);
      if (special) return special;
      return method === 'execute' ? answerPack(calls, answerCall) : answerOne(calls, answerCall);
    },
  });

  return {
    url: `http://127.0.0.1:${server.port}/method`,
    requests,
    close: () => server.stop(true),
  };
};

const innerCalls = (code: string, token: string): StandInCall[] =>
  [...code.matchAll(/API\.([\w.]+)\((\{[^}]*\})\)/g)].map(([, method = '', params = '{}']) => ({
    method,
    params: JSON.parse(params) as Record<string, unknown>,
    token,
  }));

/** Numbers come as text in a form and as numbers in a pack: the reply is the same. */
export const echoParams = ({ params: { lang, v, ...params } }: StandInCall): { reply: unknown } => {
  void [lang, v];
  const entries = Object.entries(params).map(([key, value]) => [key, Number(value)]);
  return { reply: Object.fromEntries(entries) };
};

/** What a test answers, in the shape of the method; `answerIn` takes it out again. */
const shapeFor = (method: string, answer: unknown): unknown => {
  if (method === 'utils.getServerTime') return 1_800_000_000;
  return method === 'users.get' ? [answer] : { items: [], groups: [], answer };
};

export const answerIn = (reply: unknown): unknown =>
  Array.isArray(reply) ? reply[0] : (reply as { answer: unknown }).answer;

type AnswerCall = NonNullable<StandInBehaviour['call']>;

const answerOne = ([call]: StandInCall[], answerCall: AnswerCall): Response => {
  if (!call) throw new Error('a request has a call');
  const answer = answerCall(call);
  return 'error' in answer
    ? errorResponse(answer.error)
    : Response.json({ response: shapeFor(call.method, answer.reply) });
};

const answerPack = (calls: StandInCall[], answerCall: AnswerCall): Response => {
  const answers = calls.map((call) => ({ method: call.method, ...answerCall(call) }));
  const errors = answers.flatMap((answer) =>
    'error' in answer
      ? [
          {
            method: answer.method,
            error_code: answer.error.code,
            error_msg: answer.error.text ?? '',
          },
        ]
      : [],
  );
  const last = errors.at(-1);
  return Response.json({
    response: answers.map((answer) =>
      'reply' in answer ? shapeFor(answer.method, answer.reply) : false,
    ),
    ...(last ? { execute_errors: [...errors, { ...last, method: 'execute' }] } : {}),
  });
};

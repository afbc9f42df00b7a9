import type { ReasonKind } from '@stenograf/contracts/reasons';
import type { Redis } from 'ioredis';
import type { SpentCalls } from '../../repositories/vkQuotaRepository';
import type { TokenFindings } from '../../repositories/vkTokenRepository';
import type { Logger } from '../../utils/logger';
import { Secret } from '../../utils/secret';
import { TransportError } from '../../vkApi/errors';
import { createRateLimiter, type PacedToken, type RateLimiter } from '../../vkApi/rateLimiter';
import { systemClock } from '../../vkApi/systemClock';
import { createTransport, type Transport, type VkAnswer } from '../../vkApi/transport';
import type { TokenKind, VkApiConfig } from '../../vkApi/types';
import { judgeAnswer, judgeFault, type Judgement } from './judgeAnswer';

/** What VK answered to one method. */
export interface MethodCheck {
  method: string;
  /** null: it could not be told now. */
  ok: boolean | null;
  kind: ReasonKind | null;
  code: number | null;
}

export interface TokenCheck {
  methods: MethodCheck[];
  findings: TokenFindings;
  /** Calls that VK may have counted. */
  spent: SpentCalls[];
}

export type CheckToken = (token: { kind: TokenKind; token: string }) => Promise<TokenCheck>;

export interface CheckTokenDependencies {
  vk: Pick<
    VkApiConfig,
    | 'url'
    | 'version'
    | 'userRps'
    | 'serviceRps'
    | 'communityRps'
    | 'jitterMs'
    | 'requestTimeoutMs'
    | 'responseBytesMax'
  >;
  redis: Redis;
  redisPrefix: string;
  logger: Logger;
  /** How long a check takes at most; what was not asked by then is said to be so. */
  timeMsMax?: number;
}

/** Shorter than a caller of the API waits for its answer. */
const TIME_MS_MAX = 20_000;
const REQUEST_MS_MAX = 5_000;
const ATTEMPTS_MAX = 3;
/** A token that VK refuses twice is refused. */
const REFUSALS_MAX = 2;
const PAUSE_MS = 500;
/** How long a token rests after VK asked it for a captcha; the workers find out how it goes on. */
const CAPTCHA_REST_MS = 60_000;

/** VK's own community about its API: open to everyone, with posts and comments. */
const COMMUNITY_ID = 1;

interface Question {
  method: string;
  params: (postId: number) => Record<string, string | number>;
}

/** Reading only. The wall comes before what is asked of a post on it. */
const QUESTIONS: readonly Question[] = [
  { method: 'utils.getServerTime', params: () => ({}) },
  { method: 'users.get', params: () => ({ user_ids: 1 }) },
  { method: 'groups.getById', params: () => ({ group_id: COMMUNITY_ID }) },
  { method: 'utils.resolveScreenName', params: () => ({ screen_name: 'apiclub' }) },
  { method: 'wall.get', params: () => ({ owner_id: -COMMUNITY_ID, count: 1 }) },
  { method: 'wall.getById', params: (postId) => ({ posts: `-${COMMUNITY_ID}_${postId}` }) },
  {
    method: 'wall.getComments',
    params: (postId) => ({ owner_id: -COMMUNITY_ID, post_id: postId, count: 1 }),
  },
  { method: 'execute', params: () => ({ code: 'return API.utils.getServerTime();' }) },
];

const firstPostId = (response: unknown): number => {
  const id = (response as { items?: { id?: unknown }[] } | null)?.items?.[0]?.id;
  return typeof id === 'number' ? id : 1;
};

interface Asked {
  judgement: Judgement;
  response: unknown;
}

const NOT_ASKED: Asked = {
  judgement: { verdict: 'unknown', kind: 'not_asked', code: null },
  response: null,
};

interface Line {
  token: PacedToken;
  secret: Secret;
  limiter: RateLimiter;
  transport: Transport;
  signal: AbortSignal;
  onSent: (method: string) => void;
}

/** Asks one method, again where VK said so itself, at the pace that all processes share. */
const ask = async (
  { token, secret, limiter, transport, signal, onSent }: Line,
  method: string,
  params: Record<string, string | number>,
): Promise<Asked> => {
  let last = NOT_ASKED;
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const permit = await limiter.acquire(token, () => !signal.aborted);
    if (!permit) break;
    onSent(method);
    const answer = await transport(method, params, secret, signal).catch(
      (error: TransportError): TransportError => error,
    );
    last = judge(method, answer);
    const { verdict, again } = last.judgement;
    if (again === undefined || (verdict === 'token_refused' && attempt === REFUSALS_MAX)) break;
    if (again === 'slower') limiter.slowDown(token, permit);
    else await systemClock.sleep(PAUSE_MS, signal);
  }
  return last;
};

const judge = (method: string, answer: VkAnswer | TransportError): Asked =>
  answer instanceof TransportError
    ? { judgement: judgeFault(answer), response: null }
    : { judgement: judgeAnswer(method, answer), response: answer.ok ? answer.response : null };

/** Whether every other method would be answered alike. */
const isAboutAll = ({ verdict, kind }: Judgement): boolean =>
  verdict === 'token_refused' || verdict === 'captcha' || kind === 'vk_unreachable';

/** Asks the questions in turn, until an answer goes for all of them. */
const askAll = async (line: Line): Promise<{ method: string; judgement: Judgement }[]> => {
  let postId = 1;
  let last: Asked | null = null;
  const results: { method: string; judgement: Judgement }[] = [];
  for (const { method, params } of QUESTIONS) {
    const asked: Asked = last ?? (await ask(line, method, params(postId)));
    const { judgement, response } = asked;
    if (method === 'wall.get') postId = firstPostId(response);
    if (isAboutAll(judgement)) last = asked;
    results.push({ method, judgement });
  }
  return results;
};

const OK: Record<Judgement['verdict'], boolean | null> = {
  allowed: true,
  refused: false,
  denied: false,
  token_refused: false,
  captcha: false,
  unknown: null,
};

const toFindings = (
  results: readonly { method: string; judgement: Judgement }[],
): TokenFindings => {
  const find = (verdict: Judgement['verdict']): Judgement | null =>
    results.find(({ judgement }) => judgement.verdict === verdict)?.judgement ?? null;
  const methodsOf = (verdict: Judgement['verdict']) =>
    results.filter(
      ({ method, judgement }) => method !== 'execute' && judgement.verdict === verdict,
    );
  const execute = results.find(({ method }) => method === 'execute')?.judgement.verdict;
  const quarantine = find('token_refused');
  const captcha = find('captcha');
  return {
    isAccepted: !quarantine && !captcha && find('allowed') !== null,
    quarantine: quarantine && { kind: quarantine.kind ?? 'token_invalid', code: quarantine.code },
    captcha: captcha && { code: captcha.code, restMs: CAPTCHA_REST_MS },
    canExecute: execute === 'allowed' ? true : execute === 'refused' ? false : null,
    allowed: methodsOf('allowed').map(({ method }) => method),
    refused: methodsOf('refused').map(({ method, judgement }) => ({
      method,
      code: judgement.code ?? 0,
    })),
  };
};

/** `execute` carries one call, which counts for itself. */
const countedAs = (method: string): string =>
  method === 'execute' ? 'utils.getServerTime' : method;

/**
 * What VK lets a token do: one reading call a method, at the token's own pace, which workers that
 * use it at the same time keep too. Never throws for what VK answers.
 */
export const createCheckToken =
  ({
    vk,
    redis,
    redisPrefix,
    logger,
    timeMsMax = TIME_MS_MAX,
  }: CheckTokenDependencies): CheckToken =>
  async ({ kind, token }) => {
    const secret = new Secret(token);
    const signal = AbortSignal.timeout(timeMsMax);
    const rps = {
      user: vk.userRps,
      service: vk.serviceRps,
      community: vk.communityRps ?? vk.userRps,
    };
    const calls = new Map<string, number>();
    const results = await askAll({
      token: { fingerprint: secret.fingerprint, rps: rps[kind] },
      secret,
      signal,
      limiter: createRateLimiter({
        redis,
        prefix: redisPrefix,
        jitterMs: vk.jitterMs,
        clock: systemClock,
        logger,
        random: Math.random,
        signal,
      }),
      transport: createTransport({
        ...vk,
        requestTimeoutMs: Math.min(vk.requestTimeoutMs, REQUEST_MS_MAX),
      }),
      onSent: (method) => calls.set(countedAs(method), (calls.get(countedAs(method)) ?? 0) + 1),
    });
    return {
      methods: results.map(({ method, judgement }) => ({
        method,
        ok: OK[judgement.verdict],
        kind: judgement.verdict === 'allowed' ? null : judgement.kind,
        code: judgement.code,
      })),
      findings: toFindings(results),
      spent: [...calls].map(([method, count]) => ({
        fingerprint: secret.fingerprint,
        method,
        calls: count,
      })),
    };
  };

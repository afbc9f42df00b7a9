import type {
  GroupsGetByIdParams,
  GroupsGetByIdResponse,
  UsersGetParams,
  UsersGetResponse,
  UtilsGetServerTimeParams,
  UtilsGetServerTimeResponse,
  UtilsResolveScreenNameParams,
  UtilsResolveScreenNameResponse,
  WallGetByIdExtendedResponse,
  WallGetByIdParams,
  WallGetCommentsExtendedResponse,
  WallGetCommentsParams,
  WallGetExtendedResponse,
  WallGetParams,
} from '@vkontakte/api-schema-typescript';
import type { ReasonKind } from '@stenograf/contracts/reasons';
import type { Secret } from '../utils/secret';

interface VkMethods {
  // VK's schema 5.199 dropped owner_id; the method still takes it, as every SDK relies on.
  'wall.get': { params: WallGetParams & { owner_id?: number }; reply: WallGetExtendedResponse };
  'wall.getById': { params: WallGetByIdParams; reply: WallGetByIdExtendedResponse };
  'wall.getComments': { params: WallGetCommentsParams; reply: WallGetCommentsExtendedResponse };
  'groups.getById': { params: GroupsGetByIdParams; reply: GroupsGetByIdResponse };
  'users.get': { params: UsersGetParams; reply: UsersGetResponse };
  'utils.resolveScreenName': {
    params: UtilsResolveScreenNameParams;
    /** An empty array says that nobody has this name. */
    reply: UtilsResolveScreenNameResponse | [];
  };
  'utils.getServerTime': { params: UtilsGetServerTimeParams; reply: UtilsGetServerTimeResponse };
}

export type VkMethod = keyof VkMethods;
export type VkParams<M extends VkMethod> = VkMethods[M]['params'];

export interface VkReply<M extends VkMethod> {
  /** VK's `response`, its text cleaned by `cleanDeep`; the shape is VK's promise, not checked. */
  reply: VkMethods[M]['reply'];
  /**
   * When the request was sent, by the clock of Redis: of two replies, over all processes, the one
   * with the later time was asked for later.
   */
  fetchedAt: Date;
}

export const TOKEN_KINDS = ['user', 'service', 'community'] as const;
export type TokenKind = (typeof TOKEN_KINDS)[number];

export interface VkApiConfig {
  /** Base of the method addresses, such as `https://api.vk.ru/method`. */
  url: string;
  version: string;
  tokens: { kind: TokenKind; token: string }[];
  /** Requests per second that VK allows a token of this kind. */
  userRps: number;
  serviceRps: number;
  communityRps?: number;
  /** Calls that a token may make within any 24 hours, by method; others have no cap. */
  dailyCaps: Readonly<Record<string, number>>;
  /** What N + 1 requests are kept apart beyond one second, for the jitter of the network. */
  jitterMs: number;
  requestTimeoutMs: number;
  /** The largest reply read, unpacked. */
  responseBytesMax: number;
  /** Tries of one call before its failure is handed to the caller. */
  attemptsMax: number;
  /** Requests of one token on their way at once. */
  inFlightMax: number;
  redisPrefix: string;
}

export interface CallSpending {
  /**
   * Method calls that VK dealt with; each retry is one more. A request that it turned away as a
   * whole, for its token or its pace, has made none.
   */
  calls: number;
  /** HTTP requests; a packed one is charged to the first call in it. */
  requests: number;
  /** Error replies and requests that brought no reply. */
  errors: number;
}

export interface CallContext {
  /** Waiting calls are served in turn over these keys, so that no target starves another. */
  groupKey: string;
  /** 1 (first) to 10 (last), 5 if not given. */
  priority?: number;
  signal?: AbortSignal;
  /** Told of every expense of this call when it is made, also of one that fails. */
  onSpent?: (spent: CallSpending) => void;
}

export interface TokenState {
  kind: TokenKind;
  fingerprint: string;
  last4: string;
  state: 'ready' | 'waiting' | 'captcha' | 'disabled';
  reason: ReasonKind | null;
  /** When a waiting token is tried again. */
  until: Date | null;
  /** Whether it may pack calls; null while not yet known. */
  canExecute: boolean | null;
  /** Methods that VK refuses it for good. */
  refused: string[];
}

/** What happened to tokens in one process. Times are durations: no two clocks are compared. */
export interface TokenNews {
  /** VK said that a method of a token, or all of them (`*`), cannot be used for a while. */
  holds: (TokenHold & { fingerprint: string })[];
  /** The success of a call sent so long ago ended what was held against a method, or `*`, before. */
  served: { fingerprint: string; method: string; msAgo: number }[];
  /** After so many calls VK says that a quota is used up; null: it does so no more. */
  learnedCaps: { fingerprint: string; method: string; cap: number | null }[];
  executes: { fingerprint: string; canExecute: boolean }[];
  /** Calls made since the last news, single or within `execute`; below zero: taken back. */
  spent: { fingerprint: string; method: string; calls: number }[];
}

export interface TokenHold {
  /** `*`: the whole token. */
  method: string;
  sinceMsAgo: number;
  /** Below zero when it is over; null: until a person acts. */
  leftMs: number | null;
  /** How many in a row before this one. */
  level: number;
  kind: ReasonKind;
  code: number | null;
}

/** What all processes know of a token. */
export interface SharedToken {
  kind: TokenKind;
  secret: Secret;
  canExecute: boolean | null;
  holds: TokenHold[];
  quotas: {
    method: string;
    /** Calls within the last 24 hours. */
    used: number;
    learnedCap: number | null;
    /** Until a set cap that is reached leaves room again; null while it is not reached. */
    freeInMs: number | null;
  }[];
}

export interface SharedTokens {
  /** The time that all processes go by; null if it was not told. */
  now: Date | null;
  /** Those that may be used from now on. */
  tokens: SharedToken[];
}

export interface VkApi {
  /**
   * One call of a VK method: waits for a token that may make it, for that token's next slot, and
   * shares a request with other waiting calls where it can. Safe to repeat: only reading methods.
   *
   * @throws VkError when VK refuses for good or the tries are used up.
   * @throws VkWaitError when no token can make this call for now.
   * @throws the signal's reason when `context.signal` is aborted.
   */
  call: <M extends VkMethod>(
    method: M,
    params: VkParams<M>,
    context: CallContext,
  ) => Promise<VkReply<M>>;
  /** Rejects what waits, gives requests on their way a moment to end. Safe to repeat. */
  close: () => Promise<void>;
  /** The tokens as they stand, without secrets. */
  tokens: () => TokenState[];
  /**
   * Tells what happened to the tokens here, and uses from then on those that `withOthers` answers
   * with, as they stand there. When it fails nothing changes and the same is told the next time.
   * Not to be called while an earlier exchange is under way.
   *
   * @returns whether some token can do now what whoever waits for it could not know: it is new, or
   *   what held it ended before its time.
   */
  exchangeTokens: (withOthers: (news: TokenNews) => Promise<SharedTokens>) => Promise<boolean>;
}

export interface VkApiLogger {
  debug: (message: string, fields: Record<string, unknown>) => void;
  info: (message: string, fields: Record<string, unknown>) => void;
  warn: (message: string, fields: Record<string, unknown>) => void;
  error: (message: string, fields: Record<string, unknown>) => void;
}

/** Time as the engine sees it; tests hand in their own. */
export interface Clock {
  /** Milliseconds that only ever grow, for pacing and waits. */
  monotonicMs: () => number;
  /** Resolves after `ms`, or at once when the signal is aborted. */
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

import { Secret } from '../utils/secret';
import { systemClock } from '../vkApi/systemClock';
import type { TokenKind, VkApiConfig } from '../vkApi/types';
import { notAsked, type Asking, type Finding, type Value } from './asking';
import { POINTS, type Point } from './points';
import type { DeletedThing, ProbeContext } from './probe';
import {
  createProbeClient,
  ProbeStop,
  type PacedSecret,
  type ProbeClient,
  type ProbeVkConfig,
  type StopReason,
} from './probeClient';
import { createRecord } from './record';
import { survey, type Survey } from './survey';

/** What is known of one point. Nothing in it names a person or quotes a text. */
export interface ProbePoint {
  name: string;
  state: Finding['state'];
  value: Value | null;
  confidence: 'certain' | 'likely' | null;
  evidence: string | null;
  /** What it would take, or why it was not asked. */
  needed: string | null;
}

/** The form of the report that `docs/probe.md` describes. */
export interface ProbeReport {
  version: 1;
  asked_at: string;
  api_version: string;
  /** Kind of the token that asked. */
  token_kind: TokenKind;
  /** Requests sent. */
  calls: number;
  /** Walls that were read. */
  walls: number;
  /** Why the run ended before all was asked; null if it did not. */
  ended_early: { reason: StopReason; code: number | null } | null;
  points: ProbePoint[];
  /** Values seen that the sandbox can be switched to. */
  switches: Record<string, Value>;
}

export interface ProbeOptions {
  vk: ProbeVkConfig & Pick<VkApiConfig, 'tokens' | 'userRps' | 'serviceRps'>;
  /** Communities to look at, as groups.getById takes them. */
  references: readonly string[];
  deleted: readonly DeletedThing[];
  signal: AbortSignal;
}

/** @throws what `client.ask` throws */
const drive = async <T>(asking: Asking<T>, client: ProbeClient): Promise<T> => {
  let step = asking.next();
  while (!step.done) step = asking.next(await client.ask(step.value));
  return step.value;
};

const NOTHING: Survey = { knownCommunityId: null, walls: [], posts: [], discussed: [] };

const toPoint = (name: string, finding: Finding): ProbePoint => ({
  name,
  state: finding.state,
  value: finding.state === 'seen' ? finding.value : null,
  confidence: finding.state === 'seen' ? finding.confidence : null,
  evidence: finding.state === 'not_asked' ? null : finding.evidence,
  needed: finding.state === 'seen' ? null : finding.needed,
});

/** Runs one probe. Once the run has ended, what was not seen has not been looked for either. */
const settle = async (
  { name, probe }: Point,
  context: ProbeContext,
  client: ProbeClient,
): Promise<ProbePoint> => {
  const finding = await drive(probe(context), client).catch((error: unknown) => {
    if (error instanceof ProbeStop) return notAsked(error.message);
    throw error;
  });
  const stop = client.stop();
  if (stop === null || finding.state === 'seen') return toPoint(name, finding);
  return toPoint(name, notAsked(stop.message));
};

const switchesOf = (points: readonly ProbePoint[]): Record<string, Value> =>
  Object.fromEntries(
    points.flatMap(({ name, value }) => {
      const point = POINTS.find((point) => point.name === name);
      return value !== null && point?.values.includes(value) ? [[name, value]] : [];
    }),
  );

/** The token that asks: a user's sees more than a service key; a community's reads no wall. */
const chooseTokens = ({ tokens, userRps, serviceRps }: ProbeOptions['vk']) => {
  const user = tokens.find(({ kind }) => kind === 'user');
  const service = tokens.find(({ kind }) => kind === 'service');
  const serviceKey: PacedSecret | null = service
    ? { secret: new Secret(service.token), rps: serviceRps }
    : null;
  if (user) {
    const main: PacedSecret = { secret: new Secret(user.token), rps: userRps };
    return { kind: 'user' as const, main, serviceKey };
  }
  return serviceKey && { kind: 'service' as const, main: serviceKey, serviceKey };
};

/**
 * Asks VK every open point, one request after another and fewer than a hundred, reading only.
 * @throws RangeError without a user token or a service key; the signal's reason
 */
export const runProbe = async (options: ProbeOptions): Promise<ProbeReport> => {
  const { vk, references, deleted, signal } = options;
  const tokens = chooseTokens(vk);
  if (!tokens) throw new RangeError('Neither a user token nor a service key is given.');
  const askedAt = new Date().toISOString();
  const client = createProbeClient({ vk, ...tokens, clock: systemClock, signal });
  const record = createRecord();
  const found = await drive(survey(record, references), client).catch((error: unknown) => {
    if (!(error instanceof ProbeStop)) throw error;
    return NOTHING;
  });
  const context: ProbeContext = {
    record,
    survey: found,
    hasServiceKey: tokens.serviceKey !== null,
    deleted,
    apiVersion: vk.version,
    limitHeaders: client.limitHeaders,
  };
  const points: ProbePoint[] = [];
  // One after another: what one reads the next ones look at too.
  for (const point of POINTS) points.push(await settle(point, context, client));
  const stop = client.stop();
  return {
    version: 1,
    asked_at: askedAt,
    api_version: vk.version,
    token_kind: tokens.kind,
    calls: client.calls(),
    walls: found.walls.length,
    ended_early: stop && { reason: stop.reason, code: stop.code },
    points,
    switches: switchesOf(points),
  };
};

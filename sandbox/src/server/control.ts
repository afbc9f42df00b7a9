import type { Clock } from '../clock';
import type { TokenControls } from '../limits/tokenRegistry';
import type { Mutator } from '../world/changes';
import type { History, HistoryEvent } from '../world/history';
import type { Truth, TruthOptions } from '../world/truth';
import type { FaultScript } from './faults';
import { checkFaultPlan } from './faultsCheck';
import { parseFaultPlan } from './faultsParse';
import type { SandboxStats, Violation } from './stats';

/** What must be found, and who asked too often meanwhile. */
export interface SandboxTruth extends Truth {
  violations: Violation[];
}

/** What the control routes steer: the same as a program in the same process has at hand. */
export interface Controls {
  truth(options?: TruthOptions): SandboxTruth;
  stats(): SandboxStats;
  resetStats(): void;
  mark(): number;
  faults: Pick<FaultScript, 'add' | 'plan' | 'clear' | 'pending' | 'struck'>;
  mutator: Mutator;
  history: History;
  clock: Clock;
  tokens: TokenControls;
}

export interface ControlRequest {
  /** `GET /sandbox/truth` and the like. */
  route: string;
  query: URLSearchParams;
  /** Parsed JSON body; undefined when there is none. */
  body: unknown;
}

type Route = (controls: Controls, request: ControlRequest) => unknown;

const readTruthOptions = (query: URLSearchParams): TruthOptions => {
  const options: TruthOptions = {};
  const communities = query.get('communities');
  const since = query.get('since');
  if (communities !== null) options.communities = communities.split(',').map(Number);
  const at = query.get('at');
  if (since !== null) options.since = Number(since);
  if (at !== null) options.at = Number(at);
  return options;
};

const asList = (body: unknown): unknown[] => (Array.isArray(body) ? body : [body]);

/** One change by name with its arguments in order: `{"op":"insertPost","args":[-1,{}]}`. */
const change = (changes: Mutator | TokenControls, body: unknown): unknown => {
  const { op, args } = body as { op: string; args: unknown[] };
  const found: unknown = Object.hasOwn(changes, op) ? changes[op as keyof typeof changes] : null;
  if (typeof found !== 'function') throw new RangeError(`no such change: ${op}`);
  return found(...args) ?? null;
};

const ROUTES: Record<string, Route> = {
  'GET /sandbox/health': () => ({ status: 'ok' }),
  'GET /sandbox/truth': (controls, { query }) => controls.truth(readTruthOptions(query)),
  'GET /sandbox/stats': (controls) => controls.stats(),
  'POST /sandbox/reset-stats': (controls) => {
    controls.resetStats();
    return {};
  },
  'POST /sandbox/mark': (controls) => ({ mark: controls.mark() }),
  'POST /sandbox/faults': ({ faults }, { body }) => {
    faults.plan(typeof body === 'string' ? parseFaultPlan(body) : checkFaultPlan(body));
    return { pending: faults.pending() };
  },
  'GET /sandbox/faults': ({ faults }) => ({ pending: faults.pending(), struck: faults.struck() }),
  'DELETE /sandbox/faults': ({ faults }) => {
    faults.clear();
    return { pending: 0 };
  },
  'POST /sandbox/mutations': ({ mutator }, { body }) => ({
    results: asList(body).map((entry) => change(mutator, entry)),
  }),
  'POST /sandbox/history': ({ history }, { body }) => {
    history.add(asList(body) as HistoryEvent[]);
    return { pending: history.pending() };
  },
  'GET /sandbox/history': ({ history }) => ({
    log: history.log(),
    pending: history.pending(),
    missed: history.missed(),
  }),
  'GET /sandbox/tokens': ({ tokens }) => tokens.list(),
  'POST /sandbox/tokens': ({ tokens }, { body }) => ({
    results: asList(body).map((entry) => change(tokens, entry)),
  }),
  'POST /sandbox/clock': ({ clock }, { body }) => {
    clock.advance((body as { advanceMs: number }).advanceMs);
    return { now: clock.now() };
  },
};

/** The answer of a control route, or undefined when there is no such route. */
export const answerControl = (controls: Controls, request: ControlRequest): unknown =>
  ROUTES[request.route]?.(controls, request);

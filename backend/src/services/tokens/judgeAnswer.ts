import type { ReasonKind } from '@stenograf/contracts/reasons';
import { assertNever } from '../../utils/assertNever';
import { decideOnError, refusesExecute } from '../../vkApi/errorActions';
import type { TransportError } from '../../vkApi/errors';
import type { VkAnswer } from '../../vkApi/transport';

/**
 * What an answer says of a token and a method: that it may be called; that VK refuses this method
 * to this token for good; that it denies what was asked; that it refuses the token itself, or wants
 * a captcha; or nothing, since VK was busy or away.
 */
export interface Judgement {
  verdict: 'allowed' | 'refused' | 'denied' | 'token_refused' | 'captcha' | 'unknown';
  kind: ReasonKind | null;
  code: number | null;
  /** Worth another try: VK may have meant something else the first time. */
  again?: 'later' | 'slower';
}

const ALLOWED: Judgement = { verdict: 'allowed', kind: null, code: null };

/** From here on VK's errors are about parameters and objects: it took token and method. */
const PARAMETER_CODES_MIN = 100;

export const judgeAnswer = (method: string, answer: VkAnswer): Judgement => {
  if (answer.ok) return ALLOWED;
  const { code } = answer.error;
  if (method === 'execute' && refusesExecute(answer.error)) {
    return { verdict: 'refused', kind: 'no_token', code };
  }
  const { action, kind } = decideOnError(method, answer.error);
  switch (action) {
    case 'rotate':
      return { verdict: 'refused', kind, code };
    case 'disable':
      // VK says so by mistake now and then, and not twice.
      return { verdict: 'token_refused', kind, code, again: 'later' };
    case 'captcha':
      return { verdict: 'captcha', kind, code };
    case 'slow':
      return { verdict: 'unknown', kind, code, again: 'slower' };
    case 'retry':
      return { verdict: 'unknown', kind, code, again: 'later' };
    case 'park':
      // Used up for now is no reason to call a token broken.
      return { verdict: 'unknown', kind, code };
    case 'split':
    case 'single':
      return { verdict: 'unknown', kind, code };
    case 'mark':
      // Whatever state the object is in, VK took the token for the method.
      return kind === 'access_denied' ? { verdict: 'denied', kind, code } : ALLOWED;
    case 'fail':
      return code >= PARAMETER_CODES_MIN ? ALLOWED : { verdict: 'denied', kind, code };
    default:
      return assertNever(action);
  }
};

/** No answer of VK's API came: nothing is said of the token. */
export const judgeFault = ({ fault, status }: TransportError): Judgement => {
  if (status === 429) {
    return { verdict: 'unknown', kind: 'vk_unavailable', code: null, again: 'slower' };
  }
  const isAway = fault === 'network' || fault === 'timeout';
  const kind = isAway ? 'vk_unreachable' : 'vk_unavailable';
  return { verdict: 'unknown', kind, code: null, again: 'later' };
};

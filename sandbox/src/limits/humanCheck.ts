import type { Clock } from '../clock';
import type { RawParams } from '../vk/callParams';
import { VkFailure } from '../vk/errors';
import type { CaptchaForm, SandboxToken } from './tokens';

/** What VK's documents call the life of a `session_token`. */
const CHALLENGE_MS = 5 * 60 * 1_000;

/** Above 2^53 in VK's example, too. */
const REMIXSTLID = '9069780796616521905';

const pictureFields = (sid: string, attempt: number, nowMs: number) => ({
  captcha_sid: sid,
  captcha_img: `https://api.vk.ru/captcha.php?sid=${sid}&s=1`,
  captcha_ts: Math.round(nowMs) / 1_000,
  captcha_attempt: attempt,
  captcha_ratio: 2.6,
  is_refresh_enabled: false,
  is_sound_captcha_available: false,
});

const pageFields = (sid: string) => ({
  redirect_uri:
    'https://id.vk.ru/not_robot_captcha?domain=vk.com' +
    `&session_token=session-${sid}&variant=popup&blank=1`,
  remixstlid: JSON.rawJSON(REMIXSTLID),
});

const renderChallenge = (form: CaptchaForm, sid: string, attempt: number, nowMs: number) => {
  if (form === 'page') return pageFields(sid);
  const picture = pictureFields(sid, attempt, nowMs);
  return form === 'picture' ? picture : { ...picture, ...pageFields(sid), uiux_changes: true };
};

/** Parameters that pass the captcha of an error 14, as a person would find them out. */
export const answerCaptcha = (error: {
  captcha_sid?: string;
  redirect_uri?: string;
}): Record<string, string> => {
  const { captcha_sid: sid, redirect_uri: page } = error;
  const session = page === undefined ? null : new URL(page).searchParams.get('session_token');
  if (session !== null) return { success_token: `passed-${session}` };
  return { captcha_sid: sid ?? '', captcha_key: (sid ?? '').slice(-5) };
};

/** The challenge that the parameters answer rightly, or null. */
const findAnswered = (params: RawParams): string | null => {
  const [, session] = /^passed-session-(\d+)$/.exec(params.get('success_token') ?? '') ?? [];
  if (session !== undefined) return session;
  const sid = params.get('captcha_sid') ?? '';
  return sid !== '' && params.get('captcha_key') === sid.slice(-5) ? sid : null;
};

interface HumanCheckDependencies {
  clock: Clock;
  /** Takes the captcha away from a token that has answered one. */
  onPassed: (token: string) => void;
}

/**
 * Holds tokens up that a person has to do something for: 17 for good, 14 until a captcha that the
 * token was shown within the last five minutes is answered.
 */
export const createHumanCheck = ({ clock, onPassed }: HumanCheckDependencies) => {
  const shown = new Map<string, { token: string; endsAtMs: number }>();
  const attempts = new Map<string, number>();
  let serial = 575_877_000_000;

  const isPassed = ({ token }: SandboxToken, params: RawParams): boolean => {
    const challenge = shown.get(findAnswered(params) ?? '');
    return challenge?.token === token && clock.now() < challenge.endsAtMs;
  };
  const challenge = (token: string, form: CaptchaForm): VkFailure => {
    serial += 7_919;
    const sid = String(serial);
    const attempt = (attempts.get(token) ?? 0) + 1;
    attempts.set(token, attempt);
    shown.set(sid, { token, endsAtMs: clock.now() + CHALLENGE_MS });
    return new VkFailure(14, undefined, renderChallenge(form, sid, attempt, clock.now()));
  };

  /** @throws VkFailure 14 or 17 */
  return (token: SandboxToken, params: RawParams): void => {
    if (token.needsValidation) {
      throw new VkFailure(17, 'please open redirect_uri in browser', {
        redirect_uri: 'https://m.vk.com/activation?act=validate&api_hash=sandbox&hash=sandbox',
      });
    }
    if (!token.captcha) return;
    if (!isPassed(token, params)) throw challenge(token.token, token.captcha);
    attempts.delete(token.token);
    onPassed(token.token);
  };
};

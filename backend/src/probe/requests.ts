import { certain, describeRefusal, likely, notAsked, notSeen } from './asking';
import type { Probe } from './probe';

/** Whether a service key may pack calls. */
export const serviceExecute: Probe = function* ({ hasServiceKey }) {
  if (!hasServiceKey) return notAsked('a service key in VK_TOKENS');
  const answer = yield {
    method: 'execute',
    params: { code: 'return API.utils.getServerTime();' },
    withServiceKey: true,
  };
  if (answer.ok) return certain(true, 'execute with a service key: answered');
  const evidence = `execute with a service key: ${describeRefusal(answer)}`;
  return answer.code === 28
    ? certain(false, evidence)
    : notSeen(evidence, 'an answer, or the error 28');
};

const PADDING = 9_000;

/** What becomes of an address that is longer than most servers read. */
export const longAddress: Probe = function* () {
  const answer = yield { method: 'utils.getServerTime', params: {}, addressPadding: PADDING };
  const asked = `an address of more than ${PADDING} characters`;
  if (answer.ok) return certain('read', `${asked}: answered`);
  const evidence = `${asked}: ${describeRefusal(answer)}`;
  if (answer.code === null && answer.status === 414) return certain('414', evidence);
  return certain(describeRefusal(answer), evidence);
};

/** Replies that must lack such headers before VK is said to send none. */
const REPLIES_MIN = 20;

/** Whether replies tell about limits in their headers. */
// oxlint-disable-next-line require-yield
export const rateHeaders: Probe = function* ({ limitHeaders }) {
  const { names, replies } = limitHeaders();
  if (names.length > 0) return certain(names.join(', '), `in ${replies} replies`);
  const evidence = `${replies} replies, none of them beyond a limit`;
  return replies < REPLIES_MIN
    ? notSeen(evidence, `${REPLIES_MIN} replies`)
    : likely('none', evidence);
};

import type { SandboxToken, TokenKind } from '../limits/tokens';
import { createReplyStyle, type ReplyStyle } from '../render/reply';
import { isOlder } from '../vk/apiVersion';
import type { CallParams, RawParams } from '../vk/callParams';
import type { Switches } from '../vk/switches';
import type { World } from '../world/model';
import { createShowText } from '../world/shownText';

/** What one call sees: the world, the caller, and the style of the reply. */
export interface CallContext {
  world: World;
  switches: Switches;
  token: SandboxToken;
  style: ReplyStyle;
  /** The version asked for still answers with bare lists where newer ones have objects. */
  hasBareLists: boolean;
  /** Milliseconds since 1970, by the clock of the sandbox. */
  now: () => number;
}

/** One method of VK's API; `run` returns the `response` or throws VkFailure. */
export interface Method {
  kinds: readonly TokenKind[];
  run: (context: CallContext, params: CallParams) => unknown;
}

export const EVERY_KIND: readonly TokenKind[] = ['user', 'service', 'community'];
export const WALL_READERS: readonly TokenKind[] = ['user', 'service'];

/** Languages in which VK leaves names in Cyrillic, by name and by number. */
const CYRILLIC = new Set(['ru', 'uk', 'ua', 'be', '0', '1', '2']);

interface ContextSource extends Pick<CallContext, 'world' | 'switches' | 'token'> {
  /** Parameters of the request; calls inside `execute` share its version and its language. */
  params: RawParams;
  /** Number of the reply since the start. */
  serial: number;
  now?: () => number;
}

export const createCallContext = ({
  world,
  switches,
  token,
  params,
  serial,
  now = Date.now,
}: ContextSource): CallContext => ({
  world,
  switches,
  token,
  style: createReplyStyle(serial, {
    isLatin: !CYRILLIC.has(params.get('lang') || switches.defaultLang),
    show: createShowText(switches),
  }),
  hasBareLists: isOlder(params.get('v') ?? '', switches.objectsSince),
  now,
});

import type { SandboxToken, TokenKind } from '../limits/tokens';
import type { ReplyStyle } from '../render/reply';
import type { CallParams } from '../vk/callParams';
import type { Switches } from '../vk/switches';
import type { World } from '../world/model';

/** What one call sees: the world, the caller, and the style of the reply. */
export interface CallContext {
  world: World;
  switches: Switches;
  token: SandboxToken;
  style: ReplyStyle;
}

/** One method of VK's API; `run` returns the `response` or throws VkFailure. */
export interface Method {
  kinds: readonly TokenKind[];
  run: (context: CallContext, params: CallParams) => unknown;
}

export const EVERY_KIND: readonly TokenKind[] = ['user', 'service', 'community'];
export const WALL_READERS: readonly TokenKind[] = ['user', 'service'];

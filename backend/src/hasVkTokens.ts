import type { Config } from '../config/env';
import { createContainer } from './container';

/** Whether there is anything to collect with: in VK_TOKENS of these settings, or in the vault. */
export const hasVkTokens = async (config: Config): Promise<boolean> => {
  if (config.vk.tokens.length > 0) return true;
  const { sealedTokenRepository, lifecycle } = createContainer(config);
  try {
    return await sealedTokenRepository.hasAny();
  } finally {
    await lifecycle.stop();
  }
};

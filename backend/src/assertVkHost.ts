import type { Config } from '../config/env';
import { AppError } from './errors';
import type { SettingsRepository } from './repositories/settingsRepository';

/**
 * Invented data must never meet real data: a database remembers the VK host it was filled from.
 * @throws AppError naming both hosts.
 */
export const assertVkHost = async ({
  config,
  settingsRepository,
}: {
  config: Pick<Config, 'vk'>;
  settingsRepository: SettingsRepository;
}): Promise<void> => {
  const { host } = new URL(config.vk.url);
  const remembered = await settingsRepository.rememberVkHost(host);
  if (remembered === host) return;
  throw new AppError(
    'conflict',
    `This database was filled from ${remembered}, but VK_API_URL names ${host}. ` +
      'Use another database, or another STENOGRAF_HOME.',
  );
};

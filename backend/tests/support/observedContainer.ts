import type { Config } from '../../config/env';
import { type Container, createContainer } from '../../src/container';
import type { VkApi, VkMethod } from '../../src/vkApi/types';

/** @param ownerId of the wall that was asked about; null where it was none */
export type OnReply = (method: VkMethod, ownerId: number | null) => void;

const observe = (vkApi: VkApi, onReply: OnReply): VkApi => ({
  ...vkApi,
  call: async (method, params, context) => {
    const reply = await vkApi.call(method, params, context);
    onReply(method, 'owner_id' in params ? (params.owner_id ?? null) : null);
    return reply;
  },
});

/** A container that tells of each reply of VK before anything is made of it; Redis is connected. */
export const createObservedContainer = async (
  config: Config,
  onReply: OnReply,
): Promise<Container> => {
  const inner = createContainer(config);
  const container = createContainer(config, { vkApi: observe(inner.vkApi, onReply) });
  container.lifecycle.onStop('observed', () => inner.lifecycle.stop());
  await inner.redis.connect();
  await container.redis.connect();
  return container;
};

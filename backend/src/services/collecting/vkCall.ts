import type { VkMethod, VkParams, VkReply } from '../../vkApi/types';

/**
 * `vkApi.call` on behalf of one target: its turn, its expenses, its end are filled in.
 * @param signal gives up this call alone, and stands for the end of the target too
 */
export type VkCall = <M extends VkMethod>(
  method: M,
  params: VkParams<M>,
  signal?: AbortSignal,
) => Promise<VkReply<M>>;

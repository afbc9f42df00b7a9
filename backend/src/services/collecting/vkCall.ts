import type { VkMethod, VkParams, VkReply } from '../../vkApi/types';

/** `vkApi.call` on behalf of one target: its turn, its expenses, its end are filled in. */
export type VkCall = <M extends VkMethod>(method: M, params: VkParams<M>) => Promise<VkReply<M>>;

import type {
  AddVkTokenBody,
  ListDto,
  QuotaDto,
  RotationDto,
  VkTokenCheckDto,
  VkTokenDto,
} from '@stenograf/contracts/api';
import type { Requests } from './apiClient';

/** The part of the HTTP API that is about VK tokens. */
export interface TokenClient {
  list(): Promise<VkTokenDto[]>;
  add(body: AddVkTokenBody): Promise<VkTokenDto>;
  /** Asks VK; takes as long as the token's pace makes it. */
  check(tokenId: number): Promise<VkTokenCheckDto>;
  remove(tokenId: number): Promise<void>;
  rotate(): Promise<RotationDto>;
  listQuotas(): Promise<QuotaDto[]>;
}

export const createTokenClient = ({ change, get, listAll }: Requests): TokenClient => {
  const post = async <T>(path: string, body?: unknown): Promise<T> =>
    (await (await change('POST', path, body)).json()) as T;
  return {
    list: () => listAll('/vk-tokens'),
    add: (body) => post('/vk-tokens', body),
    check: (tokenId) => post(`/vk-tokens/${tokenId}/check`),
    remove: async (tokenId) => {
      await change('DELETE', `/vk-tokens/${tokenId}`);
    },
    rotate: () => post('/vk-tokens/rotate'),
    listQuotas: async () => (await get<ListDto<QuotaDto>>('/quota')).items,
  };
};

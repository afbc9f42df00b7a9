import type { QuotaRow, VkQuotaRepository } from '../../repositories/vkQuotaRepository';
import { forecastQuota, type DailyCaps, type QuotaForecast } from './quotaForecast';

/** How far one token is with VK's quota of one method. */
export interface TokenQuota
  extends QuotaForecast, Pick<QuotaRow, 'tokenId' | 'last4' | 'tokenKind' | 'method'> {}

export interface QuotaService {
  /** By token and method: whatever was called within a day, is at rest or has a cap. */
  listQuotas(): Promise<TokenQuota[]>;
}

export const createQuotaService = ({
  vkQuotaRepository,
  dailyCaps,
}: {
  vkQuotaRepository: Pick<VkQuotaRepository, 'list'>;
  dailyCaps: DailyCaps;
}): QuotaService => ({
  async listQuotas() {
    const rows = await vkQuotaRepository.list(Object.keys(dailyCaps));
    return rows.map((row) => {
      const { tokenId, last4, tokenKind, method } = row;
      return { tokenId, last4, tokenKind, method, ...forecastQuota(row, dailyCaps) };
    });
  },
});

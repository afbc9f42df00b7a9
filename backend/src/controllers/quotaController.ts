import type { ListDto, QuotaDto } from '@stenograf/contracts/api';
import { presentQuota } from '../presenters/vkTokenPresenter';
import type { QuotaService } from '../services/tokens/quotaService';
import type { Controller } from './route';

/** All in one page: there are as many as tokens times methods in use. */
export const createQuotaController =
  ({ quotaService }: { quotaService: QuotaService }): Controller =>
  async (_request, response) => {
    const items = (await quotaService.listQuotas()).map(presentQuota);
    const answer: ListDto<QuotaDto> = { items, next: null };
    response.json(answer);
  };

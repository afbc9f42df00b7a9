import type { CreateApiKeyBody } from '@stenograf/contracts/access';
import { presentApiKey, presentIssuedKey } from '../presenters/accessPresenter';
import { presentPage } from '../presenters/taskPresenter';
import type { ForceQuery } from '../schemas/accessSchemas';
import type { ListQuery } from '../schemas/parameters';
import type { ApiKeyService } from '../services/apiKeyService';
import { parseScopeDate } from '../utils/scopeDate';
import type { Controller } from './route';

export interface ApiKeyController {
  create: Controller<object, object, CreateApiKeyBody>;
  list: Controller<object, ListQuery>;
  revoke: Controller<{ id: number }, ForceQuery>;
}

export const createApiKeyController = ({
  apiKeyService,
}: {
  apiKeyService: ApiKeyService;
}): ApiKeyController => ({
  async create({ body: { name, scope, expires_at: end } }, response) {
    const expiresAt = end === undefined ? null : parseScopeDate(end, 'until', new Date());
    const issued = await apiKeyService.createKey({ name, scope, expiresAt });
    response.status(201).json(presentIssuedKey(issued));
  },
  async list({ query: { cursor, limit }, seal }, response) {
    const page = await apiKeyService.listKeys({ after: cursor, limit });
    response.json(presentPage(page, presentApiKey, seal));
  },
  async revoke({ params, query: { force } }, response) {
    await apiKeyService.revokeKey(params.id, { force });
    response.status(204).end();
  },
});

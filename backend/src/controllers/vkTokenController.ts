import type { AddVkTokenBody, RotationDto } from '@stenograf/contracts/api';
import { presentPage } from '../presenters/taskPresenter';
import { presentVkToken, presentVkTokenCheck } from '../presenters/vkTokenPresenter';
import type { ListQuery } from '../schemas/parameters';
import type { VkTokenService } from '../services/tokens/vkTokenService';
import type { Controller } from './route';

interface IdParams {
  id: number;
}

export interface VkTokenController {
  list: Controller<object, ListQuery>;
  add: Controller<object, object, AddVkTokenBody>;
  get: Controller<IdParams>;
  check: Controller<IdParams>;
  remove: Controller<IdParams>;
  rotate: Controller;
}

export const createVkTokenController = ({
  vkTokenService,
}: {
  vkTokenService: VkTokenService;
}): VkTokenController => ({
  async list({ query: { cursor, limit }, language, seal }, response) {
    const page = await vkTokenService.listTokens({
      limit,
      ...(cursor === undefined ? {} : { after: cursor }),
    });
    response.json(presentPage(page, (token) => presentVkToken(token, language), seal));
  },
  async add({ body: { token, kind = 'user', name = null }, language }, response) {
    const added = await vkTokenService.addToken({ token, kind, name });
    response.status(201).location(`/api/v1/vk-tokens/${added.id}`);
    response.json(presentVkToken(added, language));
  },
  async get({ params, language }, response) {
    response.json(presentVkToken(await vkTokenService.getToken(params.id), language));
  },
  async check({ params, language }, response) {
    response.json(presentVkTokenCheck(await vkTokenService.checkToken(params.id), language));
  },
  async remove({ params }, response) {
    await vkTokenService.removeToken(params.id);
    response.status(204).end();
  },
  async rotate(_request, response) {
    const { rotated, unreadable } = await vkTokenService.rotate();
    const answer: RotationDto = { rotated, unreadable };
    response.json(answer);
  },
});

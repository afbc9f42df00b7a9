import type { AddVkTokenBody } from '@stenograf/contracts/api';
import { defineRoute, type Controller, type Route } from './controllers/route';
import type { VkTokenController } from './controllers/vkTokenController';
import { idParams, listQuery, type ListQuery } from './schemas/parameters';
import { addVkTokenBody } from './schemas/vkTokenSchemas';

interface IdParams {
  id: number;
}

export interface VkTokenControllers {
  vkTokens: VkTokenController;
  quota: Controller;
}

/** The tokens and what VK lets them do: whoever has a token can act as its owner. */
export const createVkTokenRoutes = ({ vkTokens, quota }: VkTokenControllers): Route[] => [
  defineRoute<object, ListQuery>({
    method: 'get',
    path: '/api/v1/vk-tokens',
    scope: 'admin',
    query: listQuery,
    controller: vkTokens.list,
  }),
  defineRoute<object, object, AddVkTokenBody>({
    method: 'post',
    path: '/api/v1/vk-tokens',
    scope: 'admin',
    body: addVkTokenBody,
    controller: vkTokens.add,
  }),
  defineRoute({
    method: 'post',
    path: '/api/v1/vk-tokens/rotate',
    scope: 'admin',
    controller: vkTokens.rotate,
  }),
  defineRoute<IdParams>({
    method: 'get',
    path: '/api/v1/vk-tokens/:id',
    scope: 'admin',
    params: idParams,
    controller: vkTokens.get,
  }),
  defineRoute<IdParams>({
    method: 'delete',
    path: '/api/v1/vk-tokens/:id',
    scope: 'admin',
    params: idParams,
    controller: vkTokens.remove,
  }),
  defineRoute<IdParams>({
    method: 'post',
    path: '/api/v1/vk-tokens/:id/check',
    scope: 'admin',
    params: idParams,
    controller: vkTokens.check,
  }),
  defineRoute({ method: 'get', path: '/api/v1/quota', scope: 'admin', controller: quota }),
];

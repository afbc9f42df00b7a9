import type { ErasureController } from './controllers/erasureController';
import { defineRoute, type Route } from './controllers/route';
import { idParams } from './schemas/parameters';

/** The right of people to be forgotten: what is stored of one, and its end. */
export const createErasureRoutes = (erasures: ErasureController): Route[] => [
  defineRoute<{ id: number }>({
    method: 'get',
    path: '/api/v1/authors/:id/erasure',
    scope: 'admin',
    params: idParams,
    controller: erasures.preview,
  }),
  defineRoute<{ id: number }>({
    method: 'delete',
    path: '/api/v1/authors/:id',
    scope: 'admin',
    params: idParams,
    controller: erasures.erase,
  }),
];

import type { CreateTaskBody } from '@stenograf/contracts/api';
import { createAccessRoutes, type AccessControllers } from './accessRoutes';
import type { ExportController } from './controllers/exportController';
import type { HealthController } from './controllers/healthController';
import type { ImportController } from './controllers/importController';
import { defineRoute, type Controller, type Route, type Upload } from './controllers/route';
import type { TaskController } from './controllers/taskController';
import type { ErasureController } from './controllers/erasureController';
import { createErasureRoutes } from './erasureRoutes';
import { createExportRoutes } from './exportRoutes';
import { createVkTokenRoutes, type VkTokenControllers } from './vkTokenRoutes';
import { createReadRoutes, type ReadControllers } from './readRoutes';
import {
  eventHeaders,
  idempotencyHeaders,
  idParams,
  listQuery,
  type EventHeaders,
  type IdempotencyHeaders,
  type ListQuery,
} from './schemas/parameters';
import { createTaskBody } from './schemas/taskSchemas';

export interface Controllers extends AccessControllers, VkTokenControllers, ReadControllers {
  tasks: TaskController;
  importList: ImportController;
  exports: ExportController;
  erasures: ErasureController;
  health: HealthController;
  service: Controller;
  document: Controller;
  metrics: Controller;
}

/** What people do to a task that exists. */
const TASK_MOVES = ['pause', 'resume', 'cancel', 'retry'] as const;

/** What belongs to a task, page by page. */
const TASK_LISTS = [
  { name: 'targets', list: 'listTargets' },
  { name: 'walks', list: 'listWalks' },
] as const;

const createTaskRoutes = (tasks: TaskController): Route[] => [
  defineRoute<object, object, CreateTaskBody, IdempotencyHeaders>({
    method: 'post',
    path: '/api/v1/tasks',
    scope: 'write',
    headers: idempotencyHeaders,
    body: createTaskBody,
    controller: tasks.create,
  }),
  defineRoute<object, object, CreateTaskBody>({
    method: 'post',
    path: '/api/v1/tasks/plan',
    scope: 'write',
    body: createTaskBody,
    controller: tasks.plan,
  }),
  defineRoute<object, ListQuery>({
    method: 'get',
    path: '/api/v1/tasks',
    scope: 'read',
    query: listQuery,
    controller: tasks.list,
  }),
  defineRoute<{ id: number }>({
    method: 'get',
    path: '/api/v1/tasks/:id',
    scope: 'read',
    params: idParams,
    controller: tasks.get,
  }),
  ...TASK_MOVES.map((move) =>
    defineRoute<{ id: number }>({
      method: 'post',
      path: `/api/v1/tasks/:id/${move}`,
      scope: 'write',
      params: idParams,
      controller: tasks[move],
    }),
  ),
  defineRoute<{ id: number }>({
    method: 'delete',
    path: '/api/v1/tasks/:id',
    scope: 'write',
    params: idParams,
    controller: tasks.remove,
  }),
  ...TASK_LISTS.map(({ name, list }) =>
    defineRoute<{ id: number }, ListQuery>({
      method: 'get',
      path: `/api/v1/tasks/:id/${name}`,
      scope: 'read',
      params: idParams,
      query: listQuery,
      controller: tasks[list],
    }),
  ),
  defineRoute<{ id: number }, ListQuery, undefined, EventHeaders>({
    method: 'get',
    path: '/api/v1/tasks/:id/events',
    scope: 'read',
    params: idParams,
    query: listQuery,
    headers: eventHeaders,
    controller: tasks.listEvents,
  }),
];

const importRoute = (controller: ImportController): Route =>
  defineRoute<object, object, Upload, IdempotencyHeaders>({
    method: 'post',
    path: '/api/v1/communities/import',
    scope: 'write',
    takesUpload: true,
    headers: idempotencyHeaders,
    controller,
  });

/** The whole HTTP API. What is not in this table does not exist. */
export const createRoutes = ({
  tasks,
  importList,
  exports,
  erasures,
  health,
  service,
  document,
  metrics,
  vkTokens,
  quota,
  reading,
  stats,
  ...access
}: Controllers): Route[] => [
  ...createTaskRoutes(tasks),
  importRoute(importList),
  ...createAccessRoutes(access),
  ...createVkTokenRoutes({ vkTokens, quota }),
  ...createReadRoutes({ reading, stats }),
  ...createErasureRoutes(erasures),
  ...createExportRoutes(exports),
  defineRoute({
    method: 'get',
    path: '/api/v1/service',
    scope: 'read',
    controller: service,
  }),
  defineRoute({ method: 'get', path: '/openapi.json', scope: 'open', controller: document }),
  defineRoute({ method: 'get', path: '/health/live', scope: 'open', controller: health.live }),
  defineRoute({ method: 'get', path: '/health/ready', scope: 'open', controller: health.ready }),
  defineRoute({ method: 'get', path: '/metrics', scope: 'loopback', controller: metrics }),
];

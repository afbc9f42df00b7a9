import type { ServiceDto } from '@stenograf/contracts/api';
import express, { type Express } from 'express';
import helmet from 'helmet';
import { createEventStreams } from './controllers/eventStream';
import { createExportController } from './controllers/exportController';
import { createHealthController, type HealthChecks } from './controllers/healthController';
import type { Route } from './controllers/route';
import { createServiceController } from './controllers/serviceController';
import { createTaskController } from './controllers/taskController';
import { AppError } from './errors';
import { createAuthenticate } from './middleware/authenticate';
import { createCors } from './middleware/corsFor';
import { createProblemHandler } from './middleware/problemHandler';
import { createRequestContext } from './middleware/requestContext';
import { createRouteHandler } from './middleware/routeHandler';
import { createRoutes } from './routes';
import type { ApiKeyService } from './services/apiKeyService';
import type { IdempotencyService } from './services/idempotencyService';
import type { ExportService } from './services/exportService';
import type { TaskService } from './services/taskServiceTypes';
import type { Logger } from './utils/logger';

export interface AppDependencies {
  taskService: TaskService;
  exportService: ExportService;
  apiKeyService: ApiKeyService;
  idempotencyService: IdempotencyService;
  /** What /health/ready asks, by name; a check throws when it fails. */
  health: HealthChecks;
  /** What GET /service answers. */
  service: ServiceDto;
  logger: Logger;
  /** Exact origins whose pages may call the API from a browser. */
  corsOrigins: readonly string[];
}

/** Answers are data: a browser that shows one must neither load nor frame anything. */
const NO_CONTENT = { defaultSrc: ["'none'"], frameAncestors: ["'none'"] };

const mountRoutes = (app: Express, routes: Route[]): void => {
  for (const route of routes) app[route.method](route.path, createRouteHandler(route));
  for (const [path, same] of Map.groupBy(routes, (route) => route.path)) {
    const methods = same.map((route) => route.method.toUpperCase());
    const allow = (methods.includes('GET') ? [...methods, 'HEAD'] : methods).sort().join(', ');
    app.all(path, (_request, response) => {
      response.locals.route = path;
      response.set('Allow', allow);
      throw new AppError('method_not_allowed', `This path answers ${allow} only.`);
    });
  }
};

/** The table of routes with its controllers. */
export const createApiRoutes = (dependencies: AppDependencies): Route[] =>
  createRoutes({
    tasks: createTaskController({
      ...dependencies,
      eventStreams: createEventStreams(dependencies),
    }),
    exports: createExportController(dependencies),
    health: createHealthController(dependencies),
    service: createServiceController(dependencies),
  });

/** The HTTP API as a function from request to answer; it never listens by itself. */
export const createApp = (dependencies: AppDependencies): Express => {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(createRequestContext(dependencies));
  app.use(helmet({ contentSecurityPolicy: { useDefaults: false, directives: NO_CONTENT } }));
  app.use(createCors(dependencies.corsOrigins));
  app.use((_request, response, next) => {
    response.set('Cache-Control', 'no-store');
    next();
  });
  app.use('/api/v1', createAuthenticate(dependencies));
  mountRoutes(app, createApiRoutes(dependencies));
  app.use(() => {
    throw new AppError('not_found', 'There is nothing under this path.');
  });
  app.use(createProblemHandler(dependencies));
  return app;
};

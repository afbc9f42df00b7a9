import type { RequestListener } from 'node:http';
import type { ServiceDto } from '@stenograf/contracts/api';
import express, { type Express } from 'express';
import { createApiKeyController } from './controllers/apiKeyController';
import { createEventStreams } from './controllers/eventStream';
import { createDocumentController } from './controllers/documentController';
import { createErasureController } from './controllers/erasureController';
import { createExportController } from './controllers/exportController';
import { createImportController } from './controllers/importController';
import { createMetricsController } from './controllers/metricsController';
import { createHealthController, type HealthChecks } from './controllers/healthController';
import type { Route } from './controllers/route';
import { createQuotaController } from './controllers/quotaController';
import { createReadController } from './controllers/readController';
import { createServiceController } from './controllers/serviceController';
import { createSessionController } from './controllers/sessionController';
import { createStatsController } from './controllers/statsController';
import { createTaskController } from './controllers/taskController';
import { createUserController } from './controllers/userController';
import { createVkTokenController } from './controllers/vkTokenController';
import { AppError } from './errors';
import { createAuthenticate } from './middleware/authenticate';
import { createCors } from './middleware/corsFor';
import { createHttpTiming } from './middleware/httpTiming';
import { unlessFromLoopback } from './middleware/loopback';
import { createProblemHandler } from './middleware/problemHandler';
import { createRateLimit } from './middleware/rateLimit';
import { createRequestContext } from './middleware/requestContext';
import { createRouteHandler } from './middleware/routeHandler';
import {
  createBoardHeaders,
  createDataHeaders,
  createPageHeaders,
} from './middleware/securityHeaders';
import { createQueueBoard, QUEUES_PATH } from './controllers/queueBoard';
import type { GetReadyQueue } from './jobs/readyQueue';
import { createDocsPage } from './openapi/docsPage';
import { createRoutes } from './routes';
import { createStartPage } from './startPage/startPage';
import type { ApiKeyService } from './services/apiKeyService';
import type { PlanService } from './services/planning/planService';
import type { MetricsService } from './services/metrics/metricsService';
import type { ProcessMetrics } from './services/metrics/processMetrics';
import type { ImportService } from './services/importing/importService';
import type { CursorService } from './services/cursorService';
import type { IdempotencyService } from './services/idempotencyService';
import type { ErasureService } from './services/erasing/erasureService';
import type { ExportService } from './services/exportService';
import type { ReadService } from './services/reading/readService';
import type { RecordListService } from './services/reading/recordListService';
import type { StatsService } from './services/reading/statsService';
import type { RequestCounter } from './services/requestCounter';
import type { SessionService } from './services/sessionService';
import type { QuotaService } from './services/tokens/quotaService';
import type { VkTokenService } from './services/tokens/vkTokenService';
import type { TaskService } from './services/taskServiceTypes';
import type { UserService } from './services/userService';
import type { Logger } from './utils/logger';

export interface AppDependencies {
  taskService: TaskService;
  exportService: ExportService;
  erasureService: ErasureService;
  vkTokenService: VkTokenService;
  quotaService: QuotaService;
  apiKeyService: ApiKeyService;
  userService: UserService;
  sessionService: SessionService;
  requestCounter: RequestCounter;
  idempotencyService: IdempotencyService;
  importService: ImportService;
  cursorService: CursorService;
  recordListService: RecordListService;
  readService: ReadService;
  statsService: StatsService;
  planService: PlanService;
  metricsService: MetricsService;
  processMetrics: ProcessMetrics;
  getReadyQueue: GetReadyQueue;
  /** What /health/ready asks, by name; a check throws when it fails. */
  health: HealthChecks;
  /** What GET /service answers. */
  service: ServiceDto;
  logger: Logger;
  /** Exact origins whose pages may call the API from a browser. */
  corsOrigins: readonly string[];
  config: { access: { requestsPerMinute: number; trustProxy: number | string[] } };
}

/** Where nobody without a credential learns what there is. */
const CLOSED = ['/api/v1', '/admin'];

/** Path by path, so that one with a name is not taken for one with an id that comes after it. */
const mountRoutes = (
  app: Express,
  routes: Route[],
  dependencies: { cursorService: CursorService },
): void => {
  for (const [path, same] of Map.groupBy(routes, (route) => route.path)) {
    for (const route of same) app[route.method](path, createRouteHandler(route, dependencies));
    const methods = same.map((route) => route.method.toUpperCase());
    const allow = (methods.includes('GET') ? [...methods, 'HEAD'] : methods).sort().join(', ');
    app.all(path, (_request, response) => {
      response.locals.route = path;
      response.set('Allow', allow);
      throw new AppError('method_not_allowed', `This path answers ${allow} only.`);
    });
  }
};

const openRoutesOf = (routes: Route[]): Set<string> =>
  new Set(
    routes.flatMap(({ method, path, scope }) =>
      scope === 'open' ? [`${method.toUpperCase()} ${path}`] : [],
    ),
  );

/** The table of routes with its controllers. */
export const createApiRoutes = (dependencies: AppDependencies): Route[] => {
  const routes: Route[] = createRoutes({
    document: createDocumentController(() => routes, dependencies),
    tasks: createTaskController({
      ...dependencies,
      eventStreams: createEventStreams(dependencies),
    }),
    importList: createImportController(dependencies),
    exports: createExportController(dependencies),
    erasures: createErasureController(dependencies),
    reading: createReadController(dependencies),
    stats: createStatsController(dependencies),
    apiKeys: createApiKeyController(dependencies),
    users: createUserController(dependencies),
    session: createSessionController(dependencies),
    vkTokens: createVkTokenController(dependencies),
    quota: createQuotaController(dependencies),
    health: createHealthController(dependencies),
    service: createServiceController(dependencies),
    metrics: createMetricsController(dependencies),
  });
  return routes;
};

/** Where there is nothing. */
const NOWHERE = '/-';

/**
 * The path of a request that names the whole address, as for a proxy. In some of them Express finds
 * no path at all, and would answer with a page of its own.
 */
const toPath = (target: string): string => {
  if (target.startsWith('/')) return target;
  const { pathname, search } = URL.parse(target) ?? { pathname: NOWHERE, search: '' };
  return pathname + search;
};

/** The HTTP API as a function from request to answer; it never listens by itself. */
export const createApp = (dependencies: AppDependencies): RequestListener => {
  const { requestsPerMinute, trustProxy } = dependencies.config.access;
  const routes = createApiRoutes(dependencies);
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('trust proxy', trustProxy);
  app.use(createRequestContext(dependencies));
  app.use(createHttpTiming(dependencies));
  app.use(createDataHeaders());
  app.use('/docs', createPageHeaders());
  app.use(QUEUES_PATH, createBoardHeaders());
  app.use(createCors(dependencies.corsOrigins));
  app.use((_request, response, next) => {
    response.set('Cache-Control', 'no-store');
    next();
  });
  const authenticate = createAuthenticate({ ...dependencies, openRoutes: openRoutesOf(routes) });
  app.use(CLOSED, authenticate);
  for (const { path, scope } of routes) {
    if (scope === 'loopback') app.use(path, unlessFromLoopback(authenticate));
  }
  app.use(createRateLimit({ ...dependencies, perMinute: requestsPerMinute }));
  mountRoutes(app, routes, dependencies);
  app.use(createStartPage());
  app.use('/docs', createDocsPage());
  app.use(QUEUES_PATH, createQueueBoard(dependencies));
  app.use(() => {
    throw new AppError('not_found', 'There is nothing under this path.');
  });
  app.use(createProblemHandler(dependencies));
  return (request, response) => {
    request.url = toPath(request.url ?? '/');
    app(request, response);
  };
};

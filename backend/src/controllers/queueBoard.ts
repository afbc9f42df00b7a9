import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { ExpressAdapter } from '@bull-board/express';
import type { Queue } from 'bullmq';
import { Router, type Express, type RequestHandler } from 'express';
import { AppError } from '../errors';
import { assertScope } from '../middleware/authenticate';
import type { CollectJobData } from '../jobs/collectJob';
import type { GetReadyQueue } from '../jobs/readyQueue';

/** Where the board stands. */
export const QUEUES_PATH = '/admin/queues';
const ALLOWED = 'GET, HEAD';

/** What the library puts into its page. */
interface PageValues {
  basePath: string;
  title: string;
  uiConfig: string;
}

/**
 * The page of the library without what the policy of our pages refuses: its fonts from another host
 * and the styles within it, which show that it is loading.
 * @param template the library's own page, for the names of its files, which hold their hashes
 */
const makePage = (template: string, { basePath, title, uiConfig }: PageValues): string => {
  const styles = template.match(/<link href="static\/[^>]+>/g) ?? [];
  const scripts = template.match(/<script defer src="static\/[^>]+><\/script>/g) ?? [];
  return `<!doctype html>
<html lang="en" dir="ltr">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="robots" content="noindex">
    <base href="${basePath}">
    <title>${title}</title>
    <link rel="icon" href="static/favicon-32x32.png" id="fav-logo">
    ${styles.join('\n    ')}
  </head>
  <body class="preload">
    <script id="__UI_CONFIG__" type="application/json">${uiConfig}</script>
    <div id="root"></div>
    ${scripts.join('\n    ')}
  </body>
</html>
`;
};

/** An application of its own, as the library makes them, reading from a queue that is open. */
const createBoard = (queue: Queue<CollectJobData>): Express => {
  const uiBasePath = dirname(require.resolve('@bull-board/ui/package.json'));
  const serverAdapter = new ExpressAdapter();
  serverAdapter.setBasePath(QUEUES_PATH);
  createBullBoard({
    queues: [new BullMQAdapter(queue, { readOnlyMode: true })],
    serverAdapter,
    options: {
      uiBasePath,
      uiConfig: { boardTitle: 'Stenograf: queue', hideRedisDetails: true },
    },
  });
  // Its own answer would repeat whatever an error says. One with a status is about the request.
  serverAdapter.setErrorHandler((cause) => {
    if ('status' in cause) throw cause;
    throw new AppError('queue_unavailable', 'The queue cannot be read; try again soon.', { cause });
  });
  const board = serverAdapter.getRouter() as Express;
  board.disable('x-powered-by').disable('etag');
  const template = readFileSync(join(uiBasePath, 'dist/index.ejs'), 'utf8');
  board.engine('ejs', (_file, values, done) =>
    done(null, makePage(template, values as PageValues)),
  );
  return board;
};

const onlyForAdmins: RequestHandler = ({ method }, response, next) => {
  response.locals.route = QUEUES_PATH;
  assertScope(response.locals.identity, 'admin');
  // Jobs are hints that are made anew: what people do to tasks goes through the API.
  if (method !== 'GET' && method !== 'HEAD') {
    response.set('Allow', ALLOWED);
    throw new AppError('method_not_allowed', `This path answers ${ALLOWED} only.`);
  }
  next();
};

/** @throws AppError `queue_unavailable`. */
const createLook = (getReadyQueue: GetReadyQueue): RequestHandler => {
  let board: Express | null = null;
  return async (request, response, next) => {
    const queue = await getReadyQueue();
    board ??= createBoard(queue);
    board(request, response, next);
  };
};

/** Bull Board, to look at the queue; made, and the queue opened, when somebody looks first. */
export const createQueueBoard = ({ getReadyQueue }: { getReadyQueue: GetReadyQueue }): Router =>
  Router().use(onlyForAdmins, createLook(getReadyQueue));

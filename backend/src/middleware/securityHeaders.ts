import type { RequestHandler } from 'express';
import helmet from 'helmet';

type Directives = Record<string, string[]>;

/** Answers are data: a browser that shows one must neither load nor frame anything. */
const DATA: Directives = { defaultSrc: ["'none'"], frameAncestors: ["'none'"] };

/**
 * Pages of ours carry no script or style within themselves and load from this host alone. Pictures
 * may be made in place; those of VK stay where they are.
 */
const PAGE: Directives = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'", 'data:'],
  fontSrc: ["'self'"],
  connectSrc: ["'self'"],
  manifestSrc: ["'self'"],
  formAction: ["'self'"],
  baseUri: ["'none'"],
  frameAncestors: ["'none'"],
};

/** Bull Board finds its parts by an address that the page gives them. */
const BOARD: Directives = { ...PAGE, baseUri: ["'self'"] };

const createHeaders = (directives: Directives): RequestHandler =>
  helmet({
    contentSecurityPolicy: { useDefaults: false, directives },
    xFrameOptions: { action: 'deny' },
  });

/** For every answer, unless it is a page. */
export const createDataHeaders = (): RequestHandler => createHeaders(DATA);

/** For what is served to be looked at, mounted before it: the dashboard, /docs. */
export const createPageHeaders = (): RequestHandler => createHeaders(PAGE);

/** For the page of the queue. */
export const createBoardHeaders = (): RequestHandler => createHeaders(BOARD);

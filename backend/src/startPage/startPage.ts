import { join } from 'node:path';
import type { Language } from '@stenograf/contracts/reasons';
import { type RequestHandler, Router } from 'express';
import { createPageHeaders } from '../middleware/securityHeaders';
import { languageOf } from '../presenters/language';
import { renderStartPage } from './render';

const ASSETS = ['start.js', 'start.css'];
const FOLDER = join(__dirname, 'assets');

const sendPage: RequestHandler = (request, response) => {
  response.locals.route = '/';
  const language: Language = languageOf(request);
  response.vary('Accept-Language').set('Content-Language', language);
  response.type('html').send(renderStartPage(language));
};

const createAsset =
  (name: string): RequestHandler =>
  (_request, response) => {
    response.locals.route = '/';
    response.sendFile(name, { root: FOLDER, cacheControl: false });
  };

/** Where links that sign in lead to: signs people in and out, and says where to go from there. */
export const createStartPage = (): Router => {
  const router = Router();
  const headers = createPageHeaders();
  router.get('/', headers, sendPage);
  for (const name of ASSETS) router.get(`/${name}`, headers, createAsset(name));
  return router;
};

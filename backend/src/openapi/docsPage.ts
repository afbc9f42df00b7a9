import { dirname } from 'node:path';
import { Router } from 'express';

/** What of Swagger UI the page loads; the rest of its package is not served. */
const ASSETS = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'];

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>Stenograf: HTTP API</title>
    <link rel="icon" href="/docs/favicon-32x32.png">
    <link rel="stylesheet" href="/docs/swagger-ui.css">
  </head>
  <body>
    <div id="page"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;

/** In a file of its own: the page's policy allows no script within it. */
const START = `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#page',
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  docExpansion: 'list',
  tryItOutEnabled: true,
});
`;

/** The document of the API for people, served from this host alone. */
export const createDocsPage = (): Router => {
  const router = Router();
  const folder = dirname(require.resolve('swagger-ui-dist/package.json'));
  router.get('/', (_request, response) => {
    response.locals.route = '/docs';
    response.type('html').send(PAGE);
  });
  router.get('/start.js', (_request, response) => {
    response.locals.route = '/docs';
    response.type('js').send(START);
  });
  for (const name of ASSETS) {
    router.get(`/${name}`, (_request, response) => {
      response.locals.route = '/docs';
      // A root of its own: folders of package managers begin with a dot, which `send` would refuse.
      response.sendFile(name, { root: folder });
    });
  }
  return router;
};

import type { ServiceDto } from '@stenograf/contracts/api';
import { createDocument } from '../openapi/document';
import type { Controller, Route } from './route';

/** The API's own description. Made at the first question: most processes are never asked. */
export const createDocumentController = (
  routes: () => readonly Route[],
  { service }: { service: ServiceDto },
): Controller => {
  let document: object | undefined;
  return (_request, response) => {
    document ??= createDocument(routes(), service.version);
    response.json(document);
  };
};

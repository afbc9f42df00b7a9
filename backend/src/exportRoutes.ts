import { EXPORT_FORMATS, EXPORT_KINDS } from '@stenograf/contracts/exportRecords';
import type { ExportController } from './controllers/exportController';
import { defineRoute, type Route } from './controllers/route';
import { exportQueryOf, type ExportQuery } from './schemas/exportSchemas';

/** A file for each kind of export in each of its formats. */
export const createExportRoutes = (exports: ExportController): Route[] =>
  EXPORT_KINDS.flatMap((kind) =>
    EXPORT_FORMATS[kind].map((format) =>
      defineRoute<object, ExportQuery>({
        method: 'get',
        path: `/api/v1/exports/${kind}.${format}`,
        scope: 'read',
        query: exportQueryOf(kind, format),
        controller: exports.write(kind, format),
      }),
    ),
  );

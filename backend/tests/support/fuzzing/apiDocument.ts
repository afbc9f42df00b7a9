export interface Schema {
  type?: string;
  enum?: unknown[];
  examples?: unknown[];
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  oneOf?: Schema[];
}

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required: boolean;
  schema: Schema;
}

interface Reply {
  content?: Record<string, { schema: object }>;
}

export interface Operation {
  operationId: string;
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, Reply>;
}

export interface ApiDocument {
  paths: Record<string, Record<string, Operation>>;
}

export interface NamedOperation {
  method: string;
  /** As in the document, `/api/v1/tasks/{id}`. */
  path: string;
  operation: Operation;
}

/** What a running service says of itself. */
export const readDocument = async (url: string): Promise<ApiDocument> =>
  (await (await fetch(`${url}/openapi.json`)).json()) as ApiDocument;

export const listOperations = ({ paths }: ApiDocument): NamedOperation[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      operation,
    })),
  );

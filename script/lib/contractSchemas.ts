import { join } from 'node:path';
import { createGenerator } from 'ts-json-schema-generator';
import { format, resolveConfig } from 'prettier';

const root = join(import.meta.dir, '..', '..');
const OPERATIONS = join(root, 'contracts', 'src', 'operations.ts');

/** What `script/lib/writeContractSchemas.ts` writes and the OpenAPI document is made with. */
export const CONTRACT_SCHEMAS = join(root, 'backend', 'src', 'openapi', 'contractSchemas.json');

/** `ListDto<TaskDto>` → `TaskList`: names that OpenAPI allows. */
const nameOf = (definition: string): string => {
  const [, outer, inner] = /^(\w+?)<(.+)>$/.exec(definition) ?? [];
  if (outer === undefined || inner === undefined) return definition.replace(/Dto$/, '');
  return `${nameOf(inner)}${nameOf(outer)}`;
};

const renameRefs = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(renameRefs);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [
      key,
      key === '$ref' && typeof child === 'string'
        ? `#/components/schemas/${nameOf(child.replace('#/definitions/', ''))}`
        : renameRefs(child),
    ]),
  );
};

interface Generated {
  definitions: Record<string, object>;
  properties: Record<string, { properties: { reply: object } }>;
}

/** Names of the schemas that a value points to, directly or by others. */
const usedBy = (
  value: unknown,
  all: ReadonlyMap<string, unknown>,
  seen = new Set<string>(),
): Set<string> => {
  const refs = JSON.stringify(value).matchAll(/"#\/components\/schemas\/(\w+)"/g);
  for (const [, name = ''] of refs) {
    if (seen.has(name)) continue;
    seen.add(name);
    usedBy(all.get(name), all, seen);
  }
  return seen;
};

/**
 * The types of `contracts/src/operations.ts` as JSON Schema: `schemas` by name, and `replies` by
 * operation. They are written to a file, since the types themselves are gone when the API runs.
 */
export const makeContractSchemas = async (): Promise<string> => {
  const { definitions, properties } = createGenerator({
    path: OPERATIONS,
    type: 'Operations',
    skipTypeCheck: true,
    additionalProperties: false,
    encodeRefs: false,
    expose: 'export',
    jsDoc: 'extended',
    topRef: false,
  }).createSchema('Operations') as unknown as Generated;
  const problem = createGenerator({
    path: join(root, 'contracts', 'src', 'api.ts'),
    type: 'ProblemDetails',
    skipTypeCheck: true,
    additionalProperties: false,
    encodeRefs: false,
    expose: 'export',
    jsDoc: 'extended',
  }).createSchema('ProblemDetails') as unknown as Generated;
  const all = new Map(
    Object.entries({ ...definitions, ...problem.definitions }).map(
      ([name, schema]) => [nameOf(name), renameRefs(schema)] as const,
    ),
  );
  const replies = Object.fromEntries(
    Object.entries(properties).map(([name, operation]) => [
      name,
      renameRefs(operation.properties.reply),
    ]),
  );
  const used = [
    ...usedBy(replies, all),
    'ProblemDetails',
    ...usedBy(all.get('ProblemDetails'), all),
  ];
  const schemas = Object.fromEntries(
    [...new Set(used)].sort().map((name) => [name, all.get(name)]),
  );
  const text = JSON.stringify({ schemas, replies });
  const config = await resolveConfig(CONTRACT_SCHEMAS);
  return format(text, { ...config, filepath: CONTRACT_SCHEMAS });
};

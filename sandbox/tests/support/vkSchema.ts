import Ajv, { type ErrorObject, type ValidateFunction } from 'ajv';
import { join } from 'node:path';

type Node = Record<string, unknown>;

const FOLDER = join(import.meta.dir, '../../fixtures/vk-api-schema');
const BASE = 'vk:/';

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Names of the properties that draft 3 marks inside of themselves. */
const requiredOf = (properties: unknown): string[] =>
  isNode(properties)
    ? Object.entries(properties)
        .filter(([, property]) => isNode(property) && property['required'] === true)
        .map(([name]) => name)
    : [];

const toAbsolute = (reference: string): string => reference.replace(/^\.\.\//, `${BASE}/`);

/** VK's dialect as a schema of draft 7; `isMap` = the keys are names of properties or definitions. */
const modernise = (value: unknown, isMap = false): unknown => {
  if (Array.isArray(value)) return value.map((entry) => modernise(entry));
  if (!isNode(value)) return value;
  const entries = Object.entries(value).flatMap(([key, entry]): [string, unknown][] => {
    if (isMap) return [[key, modernise(entry)]];
    if (key === '$schema' || typeof entry === 'boolean') return [];
    if (key === '$ref') return [[key, toAbsolute(String(entry))]];
    return [[key, modernise(entry, key === 'properties' || key === 'definitions')]];
  });
  const required = isMap ? [] : requiredOf(value['properties']);
  return Object.fromEntries([...entries, ...(required.length > 0 ? [['required', required]] : [])]);
};

const readSchemas = async (): Promise<Map<string, Node>> => {
  const schemas = new Map<string, Node>();
  for await (const file of new Bun.Glob('*/{objects,responses}.json').scan(FOLDER)) {
    schemas.set(`${BASE}/${file}`, modernise(await Bun.file(join(FOLDER, file)).json()) as Node);
  }
  return schemas;
};

const describeData = (data: unknown): string => {
  if (Array.isArray(data)) return data.length === 0 ? '[]' : 'a list';
  return typeof data === 'object' && data !== null ? 'an object' : JSON.stringify(data);
};

const describeError = ({ instancePath, keyword, params, data }: ErrorObject): string => {
  const path = instancePath.replaceAll(/\/\d+/g, '[]').replaceAll('/', '.').replace(/^\./, '');
  const detail = String(params['missingProperty'] ?? params['type'] ?? '');
  return `${path} ${keyword} ${detail} got ${describeData(data)}`;
};

export interface VkSchema {
  /**
   * Where a value departs from a definition, such as `wall/responses#wall_get_response`: path, rule
   * and what is there instead, with `[]` for each index; each of these once.
   */
  departures(definition: string, value: unknown): string[];
  /** Paths of keys that the definition does not have. */
  unknownKeys(definition: string, value: unknown): string[];
}

/** VK's schema, from the files that are kept here. */
export const readVkSchema = async (): Promise<VkSchema> => {
  const schemas = await readSchemas();
  const ajv = new Ajv({ strict: false, allErrors: true, verbose: true, validateFormats: false });
  for (const [id, schema] of schemas) ajv.addSchema({ ...schema, $id: id });

  const resolve = (schema: Node): Node[] => {
    const own = [schema];
    const reference = schema['$ref'];
    if (typeof reference === 'string') {
      const [file = '', name = ''] = reference.split('#/definitions/');
      const found = schemas.get(file)?.['definitions'];
      const target = isNode(found) ? found[name] : undefined;
      if (isNode(target)) own.push(...resolve(target));
    }
    for (const list of [schema['allOf'], schema['oneOf']]) {
      if (Array.isArray(list)) own.push(...list.filter(isNode).flatMap((one) => resolve(one)));
    }
    return own;
  };

  const collect = (value: unknown, schema: Node, path: string): string[] => {
    const parts = resolve(schema);
    if (Array.isArray(value)) {
      const items = parts.map((part) => part['items']).find((found) => isNode(found));
      return isNode(items) ? value.flatMap((entry) => collect(entry, items, `${path}[]`)) : [];
    }
    if (!isNode(value)) return [];
    const properties: Node = Object.assign({}, ...parts.map((part) => part['properties']));
    if (Object.keys(properties).length === 0) return [];
    return Object.entries(value).flatMap(([key, entry]) => {
      const inner = path === '' ? key : `${path}.${key}`;
      const property = properties[key];
      return isNode(property) ? collect(entry, property, inner) : [inner];
    });
  };

  const validators = new Map<string, ValidateFunction>();
  const referTo = (definition: string): string => {
    const [file, name] = definition.split('#');
    return `${BASE}/${file}.json#/definitions/${name}`;
  };
  return {
    departures: (definition, value) => {
      const validate = validators.get(definition) ?? ajv.compile({ $ref: referTo(definition) });
      validators.set(definition, validate);
      validate(value);
      return [...new Set((validate.errors ?? []).map((error) => describeError(error)))];
    },
    unknownKeys: (definition, value) => [
      ...new Set(collect(value, { $ref: referTo(definition) }, '')),
    ],
  };
};

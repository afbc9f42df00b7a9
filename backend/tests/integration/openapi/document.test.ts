import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { createSandbox, type Sandbox } from '@stenograf/sandbox';
import Ajv from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { runWorker } from '../../../src/worker';
import { eventually } from '../../support/eventually';
import { startApi, type TestApi } from '../http/startApi';

interface Operation {
  operationId: string;
  parameters?: { name: string; description?: string; example?: unknown }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<
    string,
    { content?: Record<string, { schema: Schema }>; headers?: Record<string, object> }
  >;
  security: object[];
}
interface Schema {
  examples?: unknown[];
  properties?: Record<string, Schema>;
  oneOf?: Schema[];
}
interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

let sandbox: Sandbox;
let api: TestApi;
let document: Document;
let ids: Record<string, string>;

const readDocument = async (): Promise<Document> =>
  (await (await fetch(`${api.url}/openapi.json`)).json()) as Document;

/** Something of everything, so that each operation has what its examples are about. */
const seed = async (): Promise<Record<string, string>> => {
  const task = await api.taskService.createTask({ communities: ['club1'] });
  await eventually(
    async () => ((await api.taskService.getTask(task.id)).status === 'completed' ? true : null),
    { withinMs: 30_000, what: 'the end of the task' },
  );
  const [post] = await api.query<{ id: number }>('SELECT id FROM posts LIMIT 1');
  const [author] = await api.query<{ id: number }>('SELECT id FROM authors LIMIT 1');
  const user = await api.userService.createUser({ name: 'boris', role: 'viewer' });
  const token = await api.vkTokenService.addToken({
    token: 'vk1.a.FAKE-token-of-the-document-test',
    kind: 'user',
    name: null,
  });
  const key = await api.apiKeyService.createKey({ name: 'to be revoked', scope: 'read' });
  return {
    tasks: String(task.id),
    communities: '1',
    posts: String(post?.id),
    authors: String(author?.id),
    users: String(user.id),
    'vk-tokens': String(token.id),
    'api-keys': String(key.id),
  };
};

beforeAll(async () => {
  sandbox = await createSandbox({
    tokens: [{ token: 'sandbox-user-token', kind: 'user', rps: 100 }],
  });
  api = await startApi({
    env: {
      VK_API_URL: sandbox.url,
      VK_TOKENS: 'sandbox-user-token',
      VK_USER_RPS: '100',
      STENOGRAF_SECRET: 'a secret of tests that is long enough, and no secret',
    },
    access: { requestsPerMinute: 0 },
  });
  await runWorker(api);
  ids = await seed();
  document = await readDocument();
});
afterAll(async () => {
  await api.stop();
  await sandbox.stop();
});

const operations = (): { method: string; path: string; operation: Operation }[] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
  );

const fill = (path: string): string => {
  const kind = path.split('/')[3] ?? '';
  return path.replace('{owner_id}', '-1').replace('{id}', ids[kind] ?? '1');
};

const exampleOf = (schema: Schema): unknown => {
  const [own] = schema.examples ?? [];
  if (own !== undefined) return own;
  if (schema.oneOf?.[0]) return exampleOf(schema.oneOf[0]);
  const fields = Object.entries(schema.properties ?? {});
  return Object.fromEntries(
    fields.flatMap(([name, field]) => {
      const [value] = field.examples ?? [];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
};

const ask = async (
  method: string,
  path: string,
  { body, headers = {} }: { body?: unknown; headers?: Record<string, string> } = {},
): Promise<Response> =>
  fetch(api.url + path, {
    method: method.toUpperCase(),
    headers: {
      authorization: `Bearer ${api.keys.admin}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

const createValidator = () => {
  const ajv = addFormats(new Ajv({ strict: false, allErrors: true }));
  ajv.addSchema({ $id: 'document', ...document });
  return (schema: object, value: unknown): string[] => {
    const local = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"document#/')) as object;
    const validate = ajv.compile(local);
    return validate(value)
      ? []
      : (validate.errors ?? []).map((e) => `${e.instancePath} ${e.message}`);
  };
};

/** A reply against what the document says of its status; null where it says nothing is wrong. */
const problemsOf = async (operation: Operation, response: Response): Promise<string[]> => {
  const { responses } = operation;
  const documented = responses[String(response.status)] ?? responses['default'];
  if (!documented) return [`status ${response.status} is not documented`];
  const type = response.headers.get('content-type')?.split(';')[0] ?? '';
  const text = await response.text();
  if (!documented.content) return text === '' ? [] : ['a body where none is documented'];
  const content = documented.content[type];
  if (!content) return [`${type} is not documented for ${response.status}`];
  if (!type.includes('json') || type.includes('ndjson')) return [];
  return createValidator()(content.schema, JSON.parse(text));
};

/** What ends something goes last, each with something of its own to end. */
const order = ({ method, path }: { method: string; path: string }): number =>
  method === 'delete' ? 2 : /\/(?:cancel|session)/.test(path) ? 1 : 0;

describe('the document', () => {
  test('passes the rules that Redocly recommends, without a warning', async () => {
    const problems = await lintFromString({
      source: JSON.stringify(document),
      config: await createConfig({ extends: ['recommended'] }),
    });
    expect(problems.map(({ ruleId, message }) => `${ruleId}: ${message}`)).toEqual([]);
  });

  test('names every operation once, and nothing that nobody described', () => {
    const named = operations().map(({ operation }) => operation.operationId);
    expect(new Set(named).size).toBe(named.length);
    for (const { method, path, operation } of operations()) {
      const success = Object.entries(operation.responses).find(([status]) =>
        status.startsWith('2'),
      );
      const [, reply] = success ?? [];
      const schema = reply?.content?.['application/json']?.schema;
      // An object of no known shape is what a forgotten operation has.
      const isDescribed =
        path === '/openapi.json' || JSON.stringify(schema) !== '{"type":"object"}';
      expect({ method, path, isDescribed }).toEqual({ method, path, isDescribed: true });
    }
  });

  test('says of every parameter what it is, and names operations as people write', () => {
    const silent = operations().flatMap(({ operation: { operationId, parameters = [] } }) =>
      parameters
        .filter(({ description = '' }) => description === '')
        .map(({ name }) => `${operationId} ${name}`),
    );
    expect(silent).toEqual([]);
    const named = operations().map(({ operation }) => operation.operationId);
    expect(named).toContain('getPostsByOwnerIdByIdComments');
  });

  test('tells what a client needs beside the body', () => {
    const replyOf = (path: string, method: string, status: number) =>
      document.paths[`/api/v1${path}`]?.[method]?.responses[String(status)];
    expect(replyOf('/tasks', 'post', 202)?.headers).toContainKeys([
      'Location',
      'Idempotency-Replayed',
      'RateLimit',
    ]);
    for (const status of [409, 413, 415, 422, 429, 503]) {
      expect(replyOf('/tasks', 'post', status)?.content).toContainKey('application/problem+json');
    }
    expect(replyOf('/tasks/{id}/pause', 'post', 409)).toBeDefined();
    expect(replyOf('/tasks/{id}/events', 'get', 204)).toBeDefined();
    expect(replyOf('/exports/posts.csv', 'get', 200)?.headers).toContainKey('Content-Disposition');
    expect(document.paths['/api/v1/tasks']?.['post']?.security).toEqual([
      { key: ['write'] },
      { session: ['write'], csrf: [] },
    ]);
  });

  test('is what every operation then does with its examples', async () => {
    const wrong: object[] = [];
    for (const { method, path, operation } of operations().sort((a, b) => order(a) - order(b))) {
      const schema = operation.requestBody?.content['application/json']?.schema;
      const body = schema === undefined ? undefined : exampleOf(schema);
      const response = await ask(method, fill(path), { body });
      const { status } = response;
      const problems = await problemsOf(operation, response);
      if (status >= 500 || status === 400 || problems.length > 0) {
        wrong.push({ method, path, status, problems: problems.slice(0, 5) });
      }
    }
    expect(wrong).toEqual([]);
  }, 60_000);

  test('is what every operation answers to whom it refuses', async () => {
    const wrong: object[] = [];
    const expectStatus = async (
      { method, path, operation }: ReturnType<typeof operations>[number],
      expected: number,
      response: Response,
    ): Promise<void> => {
      const { status } = response;
      const problems = await problemsOf(operation, response);
      if (status !== expected || problems.length > 0) {
        wrong.push({ method, path, status, expected, problems: problems.slice(0, 5) });
      }
    };
    for (const one of operations()) {
      const { method, path, operation } = one;
      const unknown = `${fill(path)}?no_such_parameter=1`;
      await expectStatus(one, 400, await ask(method, unknown));
      const isOpenHere = operation.security.some((way) => Object.keys(way).length === 0);
      if (operation.security.length > 0 && !isOpenHere) {
        const headers = { authorization: 'Bearer stg_nobody' };
        await expectStatus(one, 401, await ask(method, fill(path), { headers }));
      }
      if (operation.requestBody) {
        const headers = { 'content-type': 'application/json' };
        await expectStatus(one, 400, await ask(method, fill(path), { headers, body: { no: 1 } }));
      }
    }
    expect(wrong).toEqual([]);
  }, 60_000);
});

describe('the page for people', () => {
  test('and all that it loads comes from here, under a policy that allows no more', async () => {
    const page = await fetch(`${api.url}/docs`);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    const html = await page.text();
    const loaded = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path ?? '');
    expect(loaded).toHaveLength(4);
    for (const path of loaded) {
      const response = await fetch(api.url + path);
      expect({ path, status: response.status }).toEqual({ path, status: 200 });
    }
    expect(html).not.toMatch(/<script>|<style|https?:/);
  });
});

import { afterAll, beforeAll, expect, test } from 'bun:test';
import {
  DataTypes,
  type Model,
  type ModelAttributeColumnOptions,
  type ModelStatic,
} from 'sequelize';
import { aPost, claimNewTarget, storeTask } from '../repositories/rows';
import { openRepositories, type Repositories } from '../repositories/openRepositories';

let repositories: Repositories;

beforeAll(async () => {
  repositories = await openRepositories();
});
afterAll(() => repositories.close());

/** How PostgreSQL calls the types that models use. */
const SQL_NAMES: Record<string, string> = {
  'TIMESTAMP WITH TIME ZONE': 'timestamp with time zone',
};

const sqlTypeOf = (type: unknown): string => {
  if (type instanceof DataTypes.ARRAY) {
    return `${sqlTypeOf((type as unknown as { type: unknown }).type)}[]`;
  }
  const name = String(type);
  return SQL_NAMES[name] ?? name.toLowerCase();
};

const attributesOf = (model: ModelStatic<Model>): ModelAttributeColumnOptions[] =>
  Object.values(model.getAttributes() as Record<string, ModelAttributeColumnOptions>);

const columnsOf = async (table: string): Promise<Record<string, string>> => {
  const rows = await repositories.query<{ name: string; type: string }>(
    `SELECT attname AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute
     WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped`,
    [table],
  );
  return Object.fromEntries(rows.map(({ name, type }) => [name, type]));
};

test('every model has exactly the columns of its table, with their types', async () => {
  const models = Object.values(repositories.models) as ModelStatic<Model>[];
  expect(models).toHaveLength(9);
  for (const model of models) {
    const attributes = attributesOf(model).map(
      ({ field, type }) => [field ?? '', sqlTypeOf(type)] as const,
    );
    const table = model.tableName;
    expect({ table, ...Object.fromEntries(attributes) }).toEqual({
      table,
      ...(await columnsOf(table)),
    });
  }
});

test("the primary key of every model is its table's", async () => {
  for (const model of Object.values(repositories.models) as ModelStatic<Model>[]) {
    const table = model.tableName;
    const rows = await repositories.query<{ name: string }>(
      `SELECT attname AS name FROM pg_index
       JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY (indkey)
       WHERE indrelid = $1::regclass AND indisprimary`,
      [table],
    );
    const keys = attributesOf(model)
      .filter(({ primaryKey }) => primaryKey)
      .map(({ field }) => field ?? '');
    expect([table, new Set(keys)]).toEqual([table, new Set(rows.map(({ name }) => name))]);
  }
});

test('a table that has no model is named here', async () => {
  const rows = await repositories.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class
     WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname`,
  );
  const modelled = Object.values(repositories.models).map((model) => model.tableName);
  expect(rows.map(({ name }) => name).filter((name) => !modelled.includes(name))).toEqual([
    'api_keys',
    'erased_people',
    'idempotency_keys',
    'migrations',
    'sessions',
    'settings',
    'sign_in_attempts',
    'sign_in_links',
    'task_authors',
    'users',
    'vk_quota',
    'vk_token_methods',
    'vk_tokens',
  ]);
});

test('a task is read with its targets, and these with their walks, in one query', async () => {
  const { models, walkRepository, withTransaction, taskLinksRepository } = repositories;
  const target = await claimNewTarget(repositories, { ownerId: -5 });
  await storeTask(repositories, [{ refs: ['club6'] }]);
  const wall = { kind: 'wall' as const, ownerId: -5, postId: 0, rootId: 0 };
  const walks = [wall, { ...wall, kind: 'comments' as const, postId: 1 }];
  await withTransaction(undefined, async (transaction) => {
    await walkRepository.insertMany(target.id, walks, transaction);
    const seen = { ownerId: -5, id: 1, seen: 'new' as const };
    await taskLinksRepository.linkPosts(target.taskId, [seen], transaction);
  });
  const task = await models.Task.findByPk(target.taskId, {
    include: [
      { association: 'taskTargets', include: [{ association: 'walks' }] },
      { association: 'events' },
      { association: 'taskPosts' },
    ],
    rejectOnEmpty: true,
  });
  const { taskTargets, events, taskPosts } = task.toJSON() as unknown as {
    taskTargets: { id: number; walks: { kind: string }[] }[];
    events: { type: string }[];
    taskPosts: { postId: number; seen: string }[];
  };
  expect(taskTargets.map(({ id }) => id)).toEqual([target.id]);
  expect(taskTargets[0]?.walks.map(({ kind }) => kind).sort()).toEqual(['comments', 'wall']);
  expect(events.map(({ type }) => type).sort()).toEqual(['target.status', 'task.status']);
  expect(taskPosts).toMatchObject([{ postId: 1, seen: 'new' }]);
  const walk = await models.Walk.findOne({
    where: { targetId: target.id, kind: 'wall' },
    include: [{ association: 'target', include: [{ association: 'task' }] }],
    rejectOnEmpty: true,
  });
  expect(walk.toJSON() as unknown).toMatchObject({ target: { task: { id: target.taskId } } });
});

test('deleting a task takes its targets, walks and events along, and never a post', async () => {
  const { models, walkRepository, withTransaction, postRepository } = repositories;
  const target = await claimNewTarget(repositories, { ownerId: -7 });
  const wall = { kind: 'wall' as const, ownerId: -7, postId: 0, rootId: 0 };
  await withTransaction(undefined, async (transaction) => {
    await walkRepository.insertMany(target.id, [wall], transaction);
    await postRepository.upsertMany([aPost({ ownerId: -7 })], transaction);
  });
  await models.Task.destroy({ where: { id: target.taskId } });
  expect(await models.Walk.count({ where: { targetId: target.id } })).toBe(0);
  expect(await models.TaskEvent.count({ where: { taskId: target.taskId } })).toBe(0);
  expect(await models.Post.count({ where: { ownerId: -7 } })).toBe(1);
});

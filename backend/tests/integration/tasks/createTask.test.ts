import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { COMMUNITIES_MAX } from '@stenograf/contracts/api';
import { AppError } from '../../../src/errors';
import { expectFields } from '../../support/expectFields';
import { openRepositories, type Repositories } from '../repositories/openRepositories';

let repositories: Repositories;

beforeAll(async () => {
  repositories = await openRepositories();
});
afterAll(() => repositories.close());

const create = (...args: Parameters<Repositories['taskService']['createTask']>) =>
  repositories.taskService.createTask(...args);
const listTargets = async (taskId: number) =>
  (await repositories.taskService.listTargets(taskId, { limit: 500 })).items;
const refusalOf = async (work: Promise<unknown>): Promise<AppError> => {
  const error: unknown = await work.then(
    () => null,
    (cause: unknown) => cause,
  );
  if (error instanceof AppError) return error;
  throw new Error('It was not refused.', { cause: error });
};

describe('a task that is created', () => {
  test('has one target for all lines that mean the same by their form', async () => {
    const task = await create({
      communities: [
        'club1',
        'https://vk.com/public1',
        '-1',
        'VetroGorod',
        '@vetrogorod',
        'https://vk.com/wall-1_5',
        'wall-1_5?reply=9',
        'club2',
      ],
    });
    expect(task).toMatchObject({ status: 'queued', startedAt: null, progress: 0 });
    expect(
      (await listTargets(task.id)).map(({ refs, postId, status }) => ({ refs, postId, status })),
    ).toEqual([
      { refs: ['club1', 'https://vk.com/public1', '-1'], postId: null, status: 'queued' },
      { refs: ['VetroGorod', '@vetrogorod'], postId: null, status: 'queued' },
      { refs: ['https://vk.com/wall-1_5', 'wall-1_5?reply=9'], postId: 5, status: 'queued' },
      { refs: ['club2'], postId: null, status: 'queued' },
    ]);
  });

  test('keeps a line that cannot be a community as a failed target with its reason', async () => {
    const task = await create({ communities: ['id1', 'club1', 'https://example.com/x', ''] });
    const targets = await listTargets(task.id);
    expect(targets.map(({ refs, status, reasonKind }) => [refs[0], status, reasonKind])).toEqual([
      ['id1', 'failed', 'a_person'],
      ['club1', 'queued', null],
      ['https://example.com/x', 'failed', 'bad_reference'],
      ['', 'failed', 'bad_reference'],
    ]);
    expect(task).toMatchObject({ status: 'queued', finishedAt: null });
    expect(task.targets).toMatchObject({ queued: 1, failed: 3, running: 0 });
  });

  test('is failed at once if no line can be a community', async () => {
    const task = await create({ communities: ['id1', 'https://example.com/x'] });
    expect(task).toMatchObject({ status: 'failed', progress: 1 });
    expect(task.finishedAt).toBeInstanceOf(Date);
    const due = await repositories.targetRepository.listDue(1_000);
    const ids = (await listTargets(task.id)).map(({ id }) => id);
    expect(due.filter(({ targetId }) => ids.includes(targetId))).toEqual([]);
    const { items } = await repositories.taskService.listEvents(task.id, { limit: 10 });
    expect(items.map(({ type, data }) => [type, data.to])).toEqual([
      ['task.status', 'queued'],
      ['task.status', 'failed'],
    ]);
  });

  test('keeps its scope, dates of both edges included', async () => {
    const task = await create({
      communities: ['club1'],
      posts: { limit: 7, since: '2026-01-01', until: '2026-01-31', filter: 'owner' },
      comments: { collect: true, threads: false },
      priority: 2,
      name: 'Январь',
    });
    expectFields(task, {
      postsLimit: 7,
      postsSince: new Date('2026-01-01T00:00:00.000Z'),
      postsUntil: new Date('2026-01-31T23:59:59.999Z'),
      postsFilter: 'owner',
      collectComments: true,
      collectThreads: false,
      priority: 2,
      name: 'Январь',
    });
    expectFields(await create({ communities: ['club1'] }), {
      postsLimit: null,
      postsSince: null,
      postsUntil: null,
      postsFilter: 'all',
      collectComments: true,
      collectThreads: true,
      priority: 5,
      name: null,
    });
  });

  test('with a date that makes no sense is refused by its field, and nothing is stored', async () => {
    const before = await repositories.models.Task.count();
    const refusal = await refusalOf(
      create({ communities: ['club1'], posts: { since: '2026-02-30' } }),
    );
    expect(refusal).toMatchObject({
      code: 'validation_failed',
      fields: [{ pointer: '/posts/since' }],
    });
    expect(await repositories.models.Task.count()).toBe(before);
  });

  test('may have as many lines as there may be, and every one of them gets its target', async () => {
    const communities = Array.from({ length: COMMUNITIES_MAX }, (_, index) => `club${index + 1}`);
    const task = await create({ communities });
    expect(task.targets.queued).toBe(COMMUNITIES_MAX);
    const { next, items } = await repositories.taskService.listTargets(task.id, { limit: 2 });
    expect(items.map(({ refs }) => refs)).toEqual([['club1'], ['club2']]);
    expect(next).toBe(items[1]?.id ?? null);
  }, 30_000);
});

describe('a list', () => {
  test('of tasks is paged from the newest on, without gaps or repeats', async () => {
    const ids: number[] = [];
    for (let index = 0; index < 5; index++) {
      ids.unshift((await create({ communities: ['club1'] })).id);
    }
    const seen: number[] = [];
    let after: number | undefined;
    do {
      const page = await repositories.taskService.listTasks({ after, limit: 2 });
      seen.push(...page.items.map(({ id }) => id));
      after = page.next ?? undefined;
    } while (after !== undefined);
    expect(seen.slice(0, ids.length)).toEqual(ids);
    expect(seen).toHaveLength(await repositories.models.Task.count());
    expect(new Set(seen).size).toBe(seen.length);
  });

  test('of targets is paged in the order of pasting and ends without a key to read on', async () => {
    const communities = ['club5', 'club3', 'club4', 'club1', 'club2'];
    const { id } = await create({ communities });
    const pages: string[][] = [];
    let after: number | undefined;
    do {
      const page = await repositories.taskService.listTargets(id, { after, limit: 2 });
      pages.push(page.items.map(({ refs }) => refs[0] ?? ''));
      after = page.next ?? undefined;
    } while (after !== undefined);
    expect(pages).toEqual([['club5', 'club3'], ['club4', 'club1'], ['club2']]);
    const exact = await repositories.taskService.listTargets(id, { limit: 5 });
    expect(exact.next).toBeNull();
  });

  test('of a task that does not exist is not found, as the task itself is', async () => {
    const { taskService } = repositories;
    const nowhere = 2_000_000_000;
    for (const work of [
      () => taskService.getTask(nowhere),
      () => taskService.listTargets(nowhere, { limit: 1 }),
      () => taskService.listEvents(nowhere, { limit: 1 }),
    ]) {
      expect(await refusalOf(work())).toMatchObject({
        code: 'not_found',
        message: `There is no task ${nowhere}.`,
      });
    }
  });
});

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { ListDto, TargetDto, TaskDto, TaskEventDto, WalkDto } from '@stenograf/contracts/api';
import { startApi, type TestApi } from './startApi';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const read = async <T>(path: string, language = 'en'): Promise<T> => {
  const response = await api.send(path, { headers: { 'accept-language': language } });
  expect(response.status).toBe(200);
  return (await response.json()) as T;
};

const create = async (body: object): Promise<TaskDto> => {
  const response = await api.send('/tasks', {
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(202);
  const task = (await response.json()) as TaskDto;
  expect(response.headers.get('location')).toBe(`/api/v1/tasks/${task.id}`);
  return task;
};

/** All pages of a list, each no longer than asked for. */
const readPages = async <T>(path: string, limit: number): Promise<T[]> => {
  const items: T[] = [];
  let cursor = '';
  do {
    const page = await read<ListDto<T>>(`${path}?limit=${limit}${cursor}`);
    expect(page.items.length).toBeLessThanOrEqual(limit);
    items.push(...page.items);
    cursor = page.next === null ? '' : `&cursor=${encodeURIComponent(page.next)}`;
  } while (cursor !== '');
  return items;
};

describe('a task that was asked for', () => {
  test('is told as it was stored, then read back the same', async () => {
    const task = await create({
      communities: ['club1', '-2'],
      posts: {
        limit: 10,
        since: '2026-01-01',
        until: '2026-01-31T12:00:00+03:00',
        filter: 'owner',
      },
      comments: { collect: true, threads: false },
      priority: 1,
      name: ' Ёлка 🎄\u0000 ',
    });
    expect(task).toMatchObject({
      name: 'Ёлка 🎄',
      status: 'queued',
      waiting_for: null,
      reason: null,
      scope: {
        posts: {
          limit: 10,
          since: '2026-01-01T00:00:00.000Z',
          until: '2026-01-31T09:00:00.000Z',
          filter: 'owner',
        },
        comments: { collect: true, threads: false },
      },
      priority: 1,
      progress: 0,
      started_at: null,
      finished_at: null,
    });
    expect(task.targets).toMatchObject({ queued: 2, completed: 0, failed: 0, total: 2 });
    expect(await read<TaskDto>(`/tasks/${task.id}`)).toEqual(task);
  });

  test('takes defaults for all but its communities', async () => {
    const { scope, priority, name } = await create({ communities: ['club1'] });
    expect(scope).toEqual({
      posts: { limit: null, since: null, until: null, filter: 'all' },
      comments: { collect: true, threads: true },
    });
    expect([priority, name]).toEqual([5, null]);
  });

  test('takes 10 000 lines, blank ones aside', async () => {
    const lines = Array.from({ length: 10_000 }, (_, index) => `https://vk.com/club${index + 1}`);
    const task = await create({ communities: ['', ...lines, '  '] });
    expect(task.targets.total).toBe(10_000);
  });

  test('keeps lines as they were pasted, cleaned of what cannot be stored', async () => {
    const { id } = await create({ communities: ['  club7\u0000 ', 'https://vk.com/public7'] });
    const { items } = await read<ListDto<TargetDto>>(`/tasks/${id}/targets`);
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({
      ref: 'club7',
      refs: ['club7', 'https://vk.com/public7'],
      status: 'queued',
      kind: null,
      reason: null,
      problems: [],
    });
  });
});

describe('what could not be read', () => {
  test('is said in the language of the reader', async () => {
    const { id } = await create({ communities: ['https://example.com/club1', 'club1'] });
    const reasonIn = async (language: string) =>
      (await read<ListDto<TargetDto>>(`/tasks/${id}/targets`, language)).items.find(
        ({ status }) => status === 'failed',
      )?.reason;
    const english = await reasonIn('en');
    const russian = await reasonIn('ru-RU,ru;q=0.9,en;q=0.8');
    expect(english).toMatch(/^[\x20-\x7e]+$/);
    expect(russian).toMatch(/[а-яё]/);
    expect(await reasonIn('de, ru;q=0.5, en;q=0.4')).toBe(russian);
    expect(await reasonIn('de')).toBe(english);
    expect(await reasonIn('*')).toBe(english);
  });

  test('names the walk, the code and the sentence', async () => {
    const { id } = await create({ communities: ['club1'] });
    await api.query(
      `INSERT INTO walks (target_id, kind, owner_id, post_id, state, reason_kind, reason_code)
       SELECT id, 'comments', -1, 5, 'failed', 'access_denied', 15 FROM targets WHERE task_id = $1`,
      [id],
    );
    const { items } = await read<ListDto<TargetDto>>(`/tasks/${id}/targets`);
    expect(items[0]?.problems).toEqual([
      {
        walk: 'comments',
        state: 'failed',
        owner_id: -1,
        post_id: 5,
        thread_root_id: null,
        kind: 'access_denied',
        code: 15,
        reason: 'VK denies this token access. (VK code 15)',
      },
    ]);
    const { items: walks } = await read<ListDto<WalkDto>>(`/tasks/${id}/walks`);
    expect(walks).toMatchObject([
      { walk: 'comments', state: 'failed', post_id: 5, vk_count: null, unlisted: null, code: 15 },
    ]);
  });
});

describe('lists', () => {
  test('of tasks are newest first, each task once over all pages', async () => {
    const ids = (await readPages<TaskDto>('/tasks', 2)).map(({ id }) => id);
    const stored = await api.query<{ id: number }>('SELECT id FROM tasks ORDER BY id DESC');
    expect(ids.length).toBeGreaterThan(4);
    expect(ids).toEqual(stored.map(({ id }) => id));
  });

  test('of targets keep the order of pasting over all pages', async () => {
    const communities = ['club9', 'club3', 'club5', 'club1', 'club8'];
    const { id } = await create({ communities });
    const targets = await readPages<TargetDto>(`/tasks/${id}/targets`, 2);
    expect(targets.map(({ ref }) => ref)).toEqual(communities);
  });

  test('of events are oldest first', async () => {
    const { id } = await create({ communities: ['club1'] });
    await api.query(
      `INSERT INTO task_events (task_id, type, data)
       SELECT $1, 'progress', jsonb_build_object('n', n) FROM generate_series(1, 4) n`,
      [id],
    );
    const events = await readPages<TaskEventDto>(`/tasks/${id}/events`, 2);
    expect(events.map(({ id: eventId }) => eventId)).toEqual(
      events.map(({ id: eventId }) => eventId).toSorted((a, b) => a - b),
    );
    expect(events[0]).toMatchObject({ task_id: id, type: 'task.status', data: { to: 'queued' } });
    expect(events.slice(-4).map(({ data }) => data)).toEqual([1, 2, 3, 4].map((n) => ({ n })));
  });

  test('hold 50 items unless told, and 500 at most', async () => {
    const communities = Array.from({ length: 501 }, (_, index) => `club${index + 1}`);
    const { id } = await create({ communities });
    const path = `/tasks/${id}/targets`;
    expect((await read<ListDto<TargetDto>>(path)).items).toHaveLength(50);
    expect((await read<ListDto<TargetDto>>(`${path}?limit=500`)).items).toHaveLength(500);
  });
});

test('the service tells which one it is', async () => {
  expect(await read<object>('/service')).toEqual({
    version: '0.0.0-test',
    pid: 1,
    settings: { vk_api_url: 'http://vk.example' },
  });
});

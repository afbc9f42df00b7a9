import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { ListDto, TaskDto, TaskEventDto } from '@stenograf/contracts/api';
import { startApi, type TestApi } from './startApi';

const PASSWORD = 'four words nobody guesses';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const createTask = async (): Promise<number> => {
  const response = await api.send('/tasks', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ communities: ['club1', 'club2'] }),
  });
  return ((await response.json()) as TaskDto).id;
};

const addProgress = (taskId: number): Promise<unknown> =>
  api.query(
    `INSERT INTO task_events (task_id, type, data) VALUES ($1, 'progress', '{}') RETURNING id`,
    [taskId],
  );

interface Sent {
  id: number;
  type: string;
  data: TaskEventDto;
}

const parse = (text: string): Sent[] =>
  text
    .split('\n\n')
    .filter((block) => block.startsWith('id: '))
    .map((block) => {
      const fields = new Map(
        block.split('\n').map((line) => {
          const at = line.indexOf(': ');
          return [line.slice(0, at), line.slice(at + 2)];
        }),
      );
      return {
        id: Number(fields.get('id')),
        type: fields.get('event') ?? '',
        data: JSON.parse(fields.get('data') ?? '') as TaskEventDto,
      };
    });

const open = (taskId: number, lastId?: number, signal?: AbortSignal): Promise<Response> =>
  api.send(`/tasks/${taskId}/events`, {
    headers: {
      accept: 'text/event-stream',
      ...(lastId === undefined ? {} : { 'last-event-id': String(lastId) }),
    },
    signal: signal ?? null,
  });

/** Reads until `enough` says so or the server ends the stream. */
const readStream = async (
  response: Response,
  enough: (events: Sent[]) => boolean,
): Promise<Sent[]> => {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    const whole = text.slice(0, text.lastIndexOf('\n\n') + 2);
    if (enough(parse(whole))) return parse(whole);
  }
  return parse(text);
};

test('the stream is the stored log, as it grows, until the task ends', async () => {
  const taskId = await createTask();
  const response = await open(taskId);
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  let hasActed = false;
  const events = await readStream(response, (sent) => {
    if (sent.length > 0 && !hasActed) {
      hasActed = true;
      void addProgress(taskId).then(() => api.send(`/tasks/${taskId}/cancel`, { method: 'POST' }));
    }
    return false;
  });
  const log = (await (await api.send(`/tasks/${taskId}/events`)).json()) as ListDto<TaskEventDto>;
  expect(events.map(({ data }) => data)).toEqual(log.items);
  expect(events.map(({ id, type }) => ({ id, type }))).toEqual(
    log.items.map(({ id, type }) => ({ id, type })),
  );
  expect(events.at(-1)?.data.data).toMatchObject({ to: 'cancelled' });
});

test('a reader who comes back again and again gets every event once, in order', async () => {
  const taskId = await createTask();
  const writers = Array.from({ length: 8 }, async () => {
    for (let i = 0; i < 25; i++) await addProgress(taskId);
  });
  const seen: number[] = [];
  while (seen.length < 201) {
    const from = seen.at(-1);
    const leave = new AbortController();
    const response = await open(taskId, from, leave.signal);
    // Leaves after a few, in the middle of what was sent.
    const events = await readStream(
      response,
      (sent) => sent.length >= 7 || sent.at(-1)?.id === 201,
    );
    leave.abort();
    seen.push(...events.slice(0, 1 + (seen.length % 7)).map(({ id }) => id));
  }
  await Promise.all(writers);
  expect(seen.slice(0, 201)).toEqual(Array.from({ length: 201 }, (_, index) => index + 1));
});

test('an event that commits late is not overtaken by a later one', async () => {
  const taskId = await createTask();
  const { sequelize } = api;
  const late = await sequelize.transaction();
  await sequelize.query(
    `INSERT INTO task_events (task_id, type, data) VALUES (${taskId}, 'progress', '{"late":1}')`,
    { transaction: late },
  );
  const next = addProgress(taskId);
  const during = (await (
    await api.send(`/tasks/${taskId}/events`)
  ).json()) as ListDto<TaskEventDto>;
  expect(during.items.map(({ id }) => id)).toEqual([1]);
  await late.commit();
  await next;
  const after = (await (await api.send(`/tasks/${taskId}/events`)).json()) as ListDto<TaskEventDto>;
  expect(after.items.map(({ id }) => id)).toEqual([1, 2, 3]);
  expect(after.items[1]?.data).toEqual({ late: 1 });
});

test('who has everything of an ended task is told not to come back', async () => {
  const taskId = await createTask();
  await api.send(`/tasks/${taskId}/cancel`, { method: 'POST' });
  const events = await readStream(await open(taskId), () => false);
  const last = events.at(-1)?.id;
  expect((await open(taskId, last)).status).toBe(204);
  expect((await open(taskId, (last ?? 0) - 1)).status).toBe(200);
});

test('a stream of no task, or from an id that cannot be, is refused', async () => {
  expect((await open(999_999)).status).toBe(404);
  const taskId = await createTask();
  const response = await api.send(`/tasks/${taskId}/events`, {
    headers: { accept: 'text/event-stream', 'last-event-id': '-1' },
  });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({
    errors: [
      {
        in: 'header',
        pointer: '/last-event-id',
        detail: 'Must be the id of an event: a whole number.',
      },
    ],
  });
});

test('a quiet stream stays open and beats', async () => {
  const taskId = await createTask();
  const leave = new AbortController();
  const response = await open(taskId, 1, leave.signal);
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk);
    if (text.includes(':\n\n')) break;
  }
  leave.abort();
  expect(text).toBe('retry: 2000\n\n:\n\n');
});

test('a stream ends with the key or the session that opened it', async () => {
  const taskId = await createTask();
  const { id, key } = await api.apiKeyService.createKey({ name: 'leaves soon', scope: 'read' });
  await api.userService.createUser({ name: 'vera', role: 'viewer', password: PASSWORD });
  const { token } = await api.sessionService.signIn({ name: 'vera', password: PASSWORD }, '::1');
  const headers = { accept: 'text/event-stream' };
  const address = `${api.url}/api/v1/tasks/${taskId}/events`;
  const streams = await Promise.all([
    fetch(address, { headers: { ...headers, authorization: `Bearer ${key}` } }),
    fetch(address, { headers: { ...headers, cookie: `stenograf_session=${token}` } }),
  ]);
  expect(streams.map(({ status }) => status)).toEqual([200, 200]);
  await Promise.all([api.apiKeyService.revokeKey(id), api.sessionService.signOut(token)]);
  const endless = (): boolean => false;
  const sent = await Promise.all(streams.map((response) => readStream(response, endless)));
  expect(sent.map((events) => events.length)).toEqual([1, 1]);
});

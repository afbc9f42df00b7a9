import { describe, expect, test } from 'bun:test';
import { Writable } from 'node:stream';
import { addLogFields, withLogFields } from './logContext';
import { createLogger, type LoggerOptions } from './logger';

const capture = (options: Partial<LoggerOptions> = {}) => {
  const chunks: string[] = [];
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk.toString());
      done();
    },
  });
  const logger = createLogger({ level: 'debug', format: 'json', destination, ...options });
  return { logger, text: () => chunks.join(''), line: () => JSON.parse(chunks.at(-1) ?? '') };
};

const TOKEN = 'vk1.a.AbC-dEf_0123456789';
const API_KEY = 'stg_0123456789abcdefABCDEF0123456789';

describe('a log line', () => {
  test('carries the message, the level and the allowed fields', () => {
    const { logger, line } = capture();
    logger.child({ taskId: 7 }).warn('Target failed', { code: 15, kind: 'access_denied' });
    expect(line()).toMatchObject({ level: 'warn', message: 'Target failed' });
    expect(line()).toMatchObject({ taskId: 7, code: 15, kind: 'access_denied' });
  });

  test('drops fields that are not on the list and values that are not plain', () => {
    const { logger, line } = capture();
    logger.info('Query', { sql: 'SELECT 1', route: { password: 'x' }, status: 200 } as never);
    expect(Object.keys(line()).sort()).toEqual(['at', 'level', 'message', 'status']);
  });

  test('carries the fields of the request around it, also those added on the way', async () => {
    const { logger, line, text } = capture();
    await withLogFields({ requestId: 'r-1' }, async () => {
      await Promise.resolve();
      addLogFields({ taskId: 3 });
      logger.info('Inside');
    });
    expect(line()).toMatchObject({ requestId: 'r-1', taskId: 3 });
    logger.info('Outside');
    expect(text().split('\n')[1]).not.toContain('r-1');
  });

  test('below the level is not written', () => {
    const { logger, text } = capture({ level: 'warn' });
    logger.info('Quiet');
    expect(text()).toBe('');
  });

  test.each(['json', 'pretty'] as const)('stays one line of printable text (%s)', (format) => {
    const { logger, text } = capture({ format });
    logger.info('One\r\n2026 error Forged', { route: '/a\u2028b\u001b[31m\u0000\u202ec' });
    expect(
      text()
        .trimEnd()
        .split(/\r|\n|\u2028/),
    ).toHaveLength(1);
    expect(text().trimEnd()).not.toMatch(/[\p{Cc}\u202e]/u);
  });

  test('is cut, however long a value is', () => {
    const { logger, text } = capture();
    logger.info('Long', { route: 'x'.repeat(1_000_000) });
    expect(text().length).toBeLessThan(3_000);
  });
});

describe('an error in the log', () => {
  const failure = () =>
    Object.assign(new Error('boom', { cause: new TypeError('why') }), {
      code: 'E1',
      sql: "INSERT INTO t VALUES ('secret-row')",
      parameters: ['secret-parameter'],
      original: { detail: 'secret-detail' },
    });

  test('keeps name, message, code, frames and causes', () => {
    const { logger, line } = capture();
    logger.error('Failed', { error: failure() });
    expect(line().error).toMatchObject({ name: 'Error', message: 'boom', code: 'E1' });
    expect(line().error.cause).toMatchObject({ name: 'TypeError', message: 'why' });
    expect(line().error.stack).toContain('logger.test.ts');
  });

  test.each(['json', 'pretty'] as const)('shows nothing of its other fields (%s)', (format) => {
    const { logger, text } = capture({ format });
    logger.error('Failed', { error: failure() });
    expect(text()).not.toContain('secret-');
  });

  test('ends, even when it is its own cause', () => {
    const { logger, text } = capture();
    const error = new Error('loop');
    error.cause = error;
    logger.error('Failed', { error });
    expect(text().length).toBeLessThan(20_000);
  });
});

describe('credentials never reach the log', () => {
  const LEAKS = [
    `token ${TOKEN} refused`,
    `https://api.vk.ru/method/wall.get?v=5.199&access_token=${TOKEN}&count=1`,
    'https://api.vk.ru/method/wall.get?access_token=QWERTY-plain&v=5.199',
    '{"access_token":"QWERTY-plain"}',
    `Authorization: Bearer ${API_KEY}`,
    'authorization: Basic QWERTY-plain',
    'Cookie: sid=QWERTY-plain; other=QWERTY-plain',
    'connect postgres://stenograf:QWERTY-plain@127.0.0.1:5432/x failed',
    'connect redis://:QWERTY-p@ss/plain@localhost failed',
    `service key ${'0a1b2c3d'.repeat(10)}`,
  ];
  const SECRETS = /QWERTY|0a1b2c3d|plain|vk1\.a\.A|stg_0/;

  test.each(LEAKS)('not by message, field, error or cause: %s', (leak) => {
    for (const format of ['json', 'pretty'] as const) {
      const { logger, text } = capture({ format });
      logger.info(leak, { route: leak });
      logger.error('Failed', { error: new Error(leak, { cause: leak }) });
      logger.error('Failed', { error: Object.assign(new Error('x'), { name: leak, code: leak }) });
      expect(text()).not.toMatch(SECRETS);
    }
  });

  test('a secret of unknown shape is known by its value', () => {
    const { logger, text } = capture({ secrets: ['correct horse'] });
    logger.error('Failed', { error: new Error('wrong password: correct horse') });
    expect(text()).toContain('wrong password: [secret]');
  });

  test('a secret that becomes known later is hidden from then on', () => {
    const secrets = new Set<string>();
    const { logger, text } = capture({ secrets });
    secrets.add('correct horse');
    logger.error('Failed', { error: new Error('wrong password: correct horse') });
    expect(text()).not.toContain('horse');
  });

  test('what only resembles a credential is left alone', () => {
    const { logger, line } = capture();
    logger.info('Listening', { component: 'http://127.0.0.1:3000/tasks', kind: '0.1.0' });
    expect(line()).toMatchObject({ component: 'http://127.0.0.1:3000/tasks', kind: '0.1.0' });
  });
});

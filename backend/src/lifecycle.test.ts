import { describe, expect, test } from 'bun:test';
import { createLifecycle } from './lifecycle';
import { createLogger } from './utils/logger';
import { linesOf } from '../tests/support/logLines';

const logged = () => {
  const { destination, lines } = linesOf();
  return { logger: createLogger({ level: 'debug', format: 'json', destination }), lines };
};

const never = (): Promise<void> => new Promise(() => {});

/** More than any step here needs. */
const LONG_MS = 60_000;

describe('stopping', () => {
  test('releases the last that was added first, each after the one before it', async () => {
    const { logger, lines } = logged();
    const lifecycle = createLifecycle(logger, LONG_MS);
    const steps: string[] = [];
    for (const name of ['database', 'queue', 'http']) {
      lifecycle.onStop(name, async () => {
        steps.push(`${name} begins`);
        await Bun.sleep(1);
        steps.push(`${name} ends`);
      });
    }
    await lifecycle.stop();
    expect(steps).toEqual(
      ['http', 'queue', 'database'].flatMap((name) => [`${name} begins`, `${name} ends`]),
    );
    expect(lines()).toEqual([]);
  });

  test('twice at the same time, or again, releases once', async () => {
    const lifecycle = createLifecycle(logged().logger, LONG_MS);
    let released = 0;
    lifecycle.onStop('queue', () => void (released += 1));
    await Promise.all([lifecycle.stop(), lifecycle.stop()]);
    await lifecycle.stop();
    expect(released).toBe(1);
  });

  test('goes on after a step that fails, at once or later, and tells which it was', async () => {
    const { logger, lines } = logged();
    const lifecycle = createLifecycle(logger, LONG_MS);
    let isReleased = false;
    lifecycle.onStop('database', () => void (isReleased = true));
    lifecycle.onStop('redis', () => Promise.reject(new Error('gone')));
    lifecycle.onStop('http', () => {
      throw new Error('not listening');
    });
    await lifecycle.stop();
    expect(isReleased).toBe(true);
    expect(lines()).toMatchObject([
      { level: 'warn', message: 'not released cleanly', component: 'http' },
      { level: 'warn', message: 'not released cleanly', component: 'redis' },
    ]);
  });

  test('does not wait for steps that hang, and still begins every one of them', async () => {
    const { logger, lines } = logged();
    const lifecycle = createLifecycle(logger, 20);
    const begun: string[] = [];
    for (const name of ['database', 'queue', 'worker']) {
      lifecycle.onStop(name, () => {
        begun.push(name);
        return never();
      });
    }
    await lifecycle.stop();
    expect(begun).toEqual(['worker', 'queue', 'database']);
    expect(lines()).toMatchObject(
      begun.map((component) => ({ message: 'released too slowly', component })),
    );
  });
});

import { Redis } from 'ioredis';
import { Client } from 'pg';

export type Phase = 'before' | 'after';

/** Told of every operation of this process, twice; `cut` ends the connection it goes over. */
export type Watch = (operation: string, phase: Phase, cut: () => void) => void;

type Method = (this: unknown, ...args: unknown[]) => unknown;

const wrap = (owner: object, name: string, around: (original: Method) => Method): void => {
  Reflect.set(owner, name, around(Reflect.get(owner, name) as Method));
};

const WRITES =
  /\b(INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)"?(?=\s+(?:AS\s+\w+\s+)?(?:SET|\(|WHERE))/i;
const READS = /\bFROM\s+"?(\w+)"?/i;

/** `COMMIT`, `INSERT INTO posts`, `SELECT targets`: short, and the same every time. */
export const nameOfStatement = (sql: string): string => {
  const [first = ''] = /^\s*\w+/.exec(sql) ?? [];
  const verb = first.trim().toUpperCase();
  if (verb === 'START') return 'BEGIN';
  const [, write, table] = WRITES.exec(sql) ?? [];
  if (write && table) return `${write.toUpperCase()} ${table}`;
  if (verb !== 'SELECT' && verb !== 'WITH') return verb;
  return `SELECT ${READS.exec(sql)?.[1] ?? 'nothing'}`;
};

const textOf = (query: unknown): string => {
  if (typeof query === 'string') return query;
  const text: unknown =
    typeof query === 'object' && query !== null ? Reflect.get(query, 'text') : null;
  return typeof text === 'string' ? text : '';
};

const watchPostgres = (watch: Watch): void => {
  wrap(
    Client.prototype,
    'query',
    (query) =>
      function queryWatched(this: unknown, ...args) {
        const { connection } = this as { connection: { stream: { destroy(): void } } };
        const operation = `pg ${nameOfStatement(textOf(args[0]))}`;
        const cut = (): void => connection.stream.destroy();
        watch(operation, 'before', cut);
        const done = args.at(-1);
        if (typeof done === 'function') {
          args[args.length - 1] = (...results: unknown[]) => {
            watch(operation, 'after', cut);
            (done as Method)(...results);
          };
        }
        return query.apply(this, args);
      },
  );
};

interface RedisCommand {
  name: string;
  args: unknown[];
  promise: Promise<unknown>;
}

const watchRedis = (watch: Watch): void => {
  const scripts = new Map<string, string>();
  const hashOf = (lua: string): string => new Bun.CryptoHasher('sha1').update(lua).digest('hex');
  wrap(
    Redis.prototype,
    'defineCommand',
    (defineCommand) =>
      function defineCommandWatched(this: unknown, name, definition) {
        scripts.set(hashOf((definition as { lua: string }).lua), String(name));
        return defineCommand.call(this, name, definition);
      },
  );
  wrap(
    Redis.prototype,
    'sendCommand',
    (sendCommand) =>
      function sendCommandWatched(this: unknown, command, stream) {
        const { name, args, promise } = command as RedisCommand;
        const operation = `redis ${scripts.get(String(args[0])) ?? name}`;
        const cut = (): void => {
          Reflect.get(this as object, 'stream')?.destroy();
        };
        watch(operation, 'before', cut);
        promise.then(
          () => watch(operation, 'after', cut),
          () => {},
        );
        return sendCommand.call(this, command, stream);
      },
  );
};

const watchVk = (watch: Watch): void => {
  const cannotCut = (): void => {};
  wrap(
    globalThis,
    'fetch',
    (fetch) =>
      async function fetchWatched(this: unknown, url, init) {
        const operation = `vk ${String(url).split('/').at(-1)}`;
        watch(operation, 'before', cannotCut);
        const response = await (fetch.call(this, url, init) as Promise<Response>);
        watch(operation, 'after', cannotCut);
        return response;
      },
  );
};

/**
 * Watches the seams of a process from outside its code, by wrapping the methods of its libraries:
 * statements of PostgreSQL, commands and scripts of Redis (permits, and BullMQ's own, by their
 * names), requests to VK.
 */
export const watchOperations = (watch: Watch): void => {
  watchPostgres(watch);
  watchRedis(watch);
  watchVk(watch);
};

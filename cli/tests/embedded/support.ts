import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { findCommandLine } from '../../src/embedded/processes';

const USER_PROCESS = join(import.meta.dir, 'userProcess.ts');

export interface Home {
  readonly path: string;
  /** Removes the home, and what was put elsewhere for it. */
  remove(): Promise<void>;
}

/** A home of its own in the folder for temporary files; the mode is that of the folder above it. */
export const makeHome = async (mode = 0o711): Promise<Home> => {
  const folder = await mkdtemp(join(tmpdir(), 'stenograf embedded '));
  await chmod(folder, mode);
  const path = join(folder, 'home');
  return {
    path,
    remove: async () => {
      for (const name of ['postgres', 'redis']) {
        const outside = await readlink(join(path, name)).catch(() => null);
        if (!outside) continue;
        await rm(outside, { recursive: true, force: true });
        await rm(`${outside}.home`, { force: true });
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
};

export interface Answer {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly log: readonly string[];
  readonly error?: string;
  readonly released: boolean;
  readonly queriedAfterInterrupt: boolean;
}

/** A process that uses the services of a home; see userProcess.ts. */
export interface User {
  readonly child: ChildProcess;
  /** What it said first: the addresses of the services. */
  readonly first: Answer;
  nextAnswer(): Promise<Answer>;
  /** Lets go of the services and waits for its end. */
  release(): Promise<void>;
  /** Ends it without giving it a chance. */
  kill(): Promise<void>;
}

const createReader = (lines: Interface): (() => Promise<Answer>) => {
  const iterator = lines[Symbol.asyncIterator]();
  return async () => {
    const { value, done } = await iterator.next();
    if (done) throw new Error('The process ended without an answer.');
    return JSON.parse(value);
  };
};

export interface UserOptions {
  readonly env?: Record<string, string | undefined>;
  readonly script?: string;
}

/** Starts a process that uses the home, in a process group of its own; throws if it cannot. */
export const startUser = async (
  home: string,
  { env = process.env, script = USER_PROCESS }: UserOptions = {},
): Promise<User> => {
  const child = spawn(process.execPath, [script, home], {
    env,
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  const nextAnswer = createReader(createInterface({ input: child.stdout }));
  const first = await nextAnswer();
  if (first.error) throw new Error(first.error);
  return {
    child,
    first,
    nextAnswer,
    release: async () => {
      child.stdin.write('release\n');
      await exit;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await exit;
    },
  };
};

const readPid = async (path: string): Promise<number> =>
  Number.parseInt(await readFile(path, 'utf8').catch(() => ''), 10);

/** The processes of PostgreSQL and Redis, as their pid files name them. */
export const readServerPids = async (home: string) => ({
  postgres: await readPid(join(home, 'postgres', 'data', 'postmaster.pid')),
  redis: await readPid(join(home, 'redis', 'redis.pid')),
});

export const isRunning = (pid: number): boolean => findCommandLine(pid) !== null;

/** Runs one statement and returns its rows. */
export const query = async (databaseUrl: string, sql: string): Promise<unknown[]> => {
  const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: 3_000 });
  try {
    await client.connect();
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
};

/** Runs one command; a refused password rejects. */
export const askRedis = async (redisUrl: string, ...command: string[]): Promise<unknown> => {
  const client = new Redis(redisUrl, {
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  client.on('error', () => {});
  try {
    await client.connect();
    const [name = '', ...args] = command;
    return await client.call(name, ...args);
  } finally {
    client.disconnect();
  }
};

/** What the promise is rejected with; fails if it is not. */
export const failureOf = async (failing: Promise<unknown>): Promise<Error> => {
  const error = await failing.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof Error) return error;
  throw new Error(`Rejected with no error: ${String(error)}`);
};

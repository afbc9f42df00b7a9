import { fileURLToPath } from 'node:url';

/** A process of its own that says line by line how far it is. */
export interface ChildProcess {
  readonly pid: number;
  /** The next line of its standard output. @throws Error if it has ended */
  readLine(): Promise<string>;
  /** An empty line on its standard input, by which it is asked for something. */
  ask(): void;
  /** Ends its standard input, and so the process in its own time. */
  end(): Promise<void>;
  /** Ends it at once. */
  kill(): Promise<void>;
}

async function* readLines(stdout: AsyncIterable<Uint8Array>): AsyncGenerator<string, void> {
  let rest = '';
  for await (const chunk of stdout) {
    rest += Buffer.from(chunk).toString();
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}

/**
 * @param file a source file of this folder
 * @param env its settings; the path for programs is added
 */
export const startChildProcess = (
  file: string,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): ChildProcess => {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const child = Bun.spawn([process.execPath, path, ...args], {
    env: { PATH: process.env['PATH'], ...env },
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'inherit',
  });
  const lines = readLines(child.stdout);
  return {
    pid: child.pid,
    readLine: async () => {
      const { done, value } = await lines.next();
      if (done) throw new Error(`${file} ended early.`);
      return value;
    },
    ask: () => {
      void child.stdin.write('\n');
      void child.stdin.flush();
    },
    end: async () => {
      void child.stdin.end();
      await child.exited;
    },
    kill: async () => {
      child.kill();
      await child.exited;
    },
  };
};

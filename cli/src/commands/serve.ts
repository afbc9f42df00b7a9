import type { Command } from 'commander';
import { createOwnClient } from '../client/connection';
import { createFirstLink } from '../client/signInLink';
import { resolveHome } from '../embedded/home';
import { readServerFile, removeServerFile, writeServerFile } from '../embedded/serverFile';
import type { InProcessService } from '../embedded/service';
import { CliError, EXIT } from '../output/cliError';
import type { CommandContext, Environment } from './context';
import { parseInteger } from './values';

interface ServeOptions {
  worker: boolean;
  port?: string;
  json?: boolean;
}

/** Lines for people on a terminal, JSON for what gathers logs. */
export const withLogFormat = (env: Environment, { stderr }: CommandContext): Environment => ({
  LOG_FORMAT: stderr.isTTY ? 'pretty' : 'json',
  ...env,
});

/** A service that its supervisor stops has done its work; one that a person stops was interrupted. */
export const exitCodeOfService = ({ interrupt }: CommandContext): number => {
  const code = interrupt.exitCode();
  return code === EXIT.interrupted ? code : EXIT.complete;
};

/** Whether a port that somebody else has is at the bottom of this failure. */
export const isPortTaken = (error: unknown): boolean =>
  error instanceof Error &&
  (('code' in error && error.code === 'EADDRINUSE') || isPortTaken(error.cause));

const startServing = async ({ worker, port }: ServeOptions, context: CommandContext) => {
  const { env, note, sentences } = context;
  const { startService } = await import('../embedded/service');
  const settings = withLogFormat(port === undefined ? env : { ...env, PORT: port }, context);
  try {
    return await startService({ env: settings, note, withWorker: worker, listen: 'settings' });
  } catch (error) {
    if (!isPortTaken(error)) throw error;
    const taken = settings['PORT'] || '3000';
    throw new CliError(EXIT.failed, sentences.portTaken(taken), { cause: error });
  }
};

/** Lets the commands of this home find the service. */
export const announce = (
  home: string,
  { url, internalKey, settings }: InProcessService,
): Promise<void> =>
  writeServerFile(home, {
    url,
    key: internalKey,
    pid: process.pid,
    startedAt: new Date().toISOString(),
    settings: JSON.stringify(settings),
  });

const serve = async (options: ServeOptions, context: CommandContext): Promise<number> => {
  const { env, note, print, sentences, interrupt } = context;
  if (options.port !== undefined) {
    parseInteger('--port', options.port, { min: 0, max: 65_535 }, sentences);
  }
  const home = resolveHome(env);
  const other = await readServerFile(home);
  if (other !== null) {
    throw new CliError(EXIT.failed, sentences.alreadyServing(other.url, other.pid));
  }
  const service = await startServing(options, context);
  try {
    await announce(home, service);
    note(sentences.serving(service.url));
    if (service.firstKey !== null) note(sentences.firstKey(service.firstKey));
    const link = await createFirstLink(createOwnClient(service, context));
    if (link !== null) note(sentences.access.signIn(link));
    if (!options.worker) note(sentences.servingWithoutWorker(context.cli));
    else if (!service.hasTokens) note(sentences.servingWithoutTokens(context.cli));
    note(sentences.stopHint);
    if (options.json) print(JSON.stringify({ url: service.url, pid: process.pid }));
    await interrupt.whenInterrupted();
    note(sentences.stopping);
    return exitCodeOfService(context);
  } finally {
    await removeServerFile(home);
    await service.stop();
  }
};

export const registerServe = (
  program: Command,
  context: CommandContext,
  done: (exitCode: number) => void,
): void => {
  program
    .command('serve')
    .summary('run the HTTP service and a worker')
    .description(
      'Run the HTTP service and a worker until Ctrl-C. HOST and PORT say where it listens.',
    )
    .option('--no-worker', 'the HTTP service alone; run workers beside it')
    .option('--port <port>', 'port to listen on, 0 for a free one')
    .option('--json', 'print the address as a JSON object')
    .action(async (options: ServeOptions) => done(await serve(options, context)));
};

import type { Command } from 'commander';
import { createUsageError, EXIT } from '../output/cliError';
import type { CommandContext } from './context';

const migrate = async ({ json }: { json?: boolean }, context: CommandContext): Promise<number> => {
  const { env, print, sentences } = context;
  if (!env['DATABASE_URL']) throw createUsageError(sentences.migrateNeedsDatabase);
  const { migrateDatabase } = await import('../embedded/service');
  const applied = await migrateDatabase(env);
  if (json) print(JSON.stringify({ applied }));
  else print(applied.length === 0 ? sentences.upToDate : sentences.migrated(applied.join(', ')));
  return EXIT.complete;
};

export const registerMigrate = (
  program: Command,
  context: CommandContext,
  done: (exitCode: number) => void,
): void => {
  program
    .command('migrate')
    .summary('bring the database of DATABASE_URL up to date')
    .description('Bring the schema of the database at DATABASE_URL up to date. Safe to repeat.')
    .option('--json', 'print the names of the applied migrations as a JSON object')
    .action(async (options: { json?: boolean }) => done(await migrate(options, context)));
};

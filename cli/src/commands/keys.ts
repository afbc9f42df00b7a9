import { SCOPES, type Scope } from '@stenograf/contracts/scopes';
import { Option, type Command } from 'commander';
import { renderKeyTable } from '../output/accessTables';
import type { CommandContext } from './context';
import { addServiceOptions, type ServiceOptions } from './serviceOptions';
import { parseNumberOf } from './values';
import { withService } from './withService';

interface CreateOptions extends ServiceOptions {
  name: string;
  scope: Scope;
  expires?: string;
}

const createKey = (
  { name, scope, expires, ...options }: CreateOptions,
  context: CommandContext,
): Promise<number> =>
  withService(options, context, async ({ client }) => {
    const end = expires === undefined ? {} : { expires_at: expires };
    const issued = await client.call('POST /api-keys', { body: { name, scope, ...end } });
    context.print(options.json ? JSON.stringify(issued) : issued.key);
    context.note(context.sentences.access.keyOnce);
  });

const listKeys = (options: ServiceOptions, context: CommandContext): Promise<number> =>
  withService(options, context, async ({ client }) => {
    const { print, sentences, outColors: colors } = context;
    const keys = await Array.fromAsync(client.pages('GET /api-keys'));
    if (options.json) print(JSON.stringify({ keys }));
    else print(renderKeyTable(keys, { colors, sentences }).join('\n'));
  });

const revokeKey = (
  id: string,
  { force = false, ...options }: ServiceOptions & { force?: boolean },
  context: CommandContext,
): Promise<number> => {
  const keyId = parseNumberOf(id, context.sentences.access.notAKeyId);
  return withService(options, context, async ({ client }) => {
    await client.call('DELETE /api-keys/:id', { params: { id: keyId }, query: { force } });
    if (options.json) context.print(JSON.stringify({ revoked: keyId }));
    else context.note(context.sentences.access.keyRevoked(keyId));
  });
};

export const registerKeys = (
  program: Command,
  context: CommandContext,
  done: (exitCode: number) => void,
): void => {
  const keys = program
    .command('keys')
    .usage('[list|create|revoke] [id]')
    .summary('create, list and revoke API keys')
    .description(
      'Create, list and revoke the keys that programs use the API with; without a verb, list them.',
    );
  addServiceOptions(keys.command('create').description('Print a new key, once.'))
    .requiredOption('--name <name>', 'what people call it')
    .addOption(
      new Option('--scope <scope>', 'what it may do; write reads too, admin does both')
        .choices(SCOPES)
        .makeOptionMandatory(),
    )
    .option('--expires <date>', 'last day or moment of its life; for good by default')
    .action(async (options: CreateOptions) => done(await createKey(options, context)));
  addServiceOptions(keys.command('list').description('Keys that are not revoked.')).action(
    async (options: ServiceOptions) => done(await listKeys(options, context)),
  );
  addServiceOptions(keys.command('revoke').description('End a key, everywhere within 2 s.'))
    .argument('<id>', 'number of the key')
    .option('--force', 'also the last way in of an admin')
    .action(async (id: string, options: ServiceOptions & { force?: boolean }) =>
      done(await revokeKey(id, options, context)),
    );
};

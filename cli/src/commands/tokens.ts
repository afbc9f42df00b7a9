import type { AddVkTokenBody } from '@stenograf/contracts/api';
import { TOKEN_KINDS, type TokenKind } from '@stenograf/contracts/statuses';
import type { Command } from 'commander';
import { createUsageError, EXIT } from '../output/cliError';
import { renderCheck, renderQuotas, renderTokens } from '../output/tokenTables';
import type { Sentences } from '../output/sentences/en';
import type { CommandContext } from './context';
import { readToken } from './readToken';
import { addServiceOptions, type ServiceOptions } from './serviceOptions';
import { parseNumberOf } from './values';
import { withService } from './withService';

interface AddOptions extends ServiceOptions {
  kind?: string;
  name?: string;
}

/** One object for scripts, lines for people. */
const printResult = (
  { json }: ServiceOptions,
  { print }: CommandContext,
  result: object,
  lines: readonly string[],
): void => print(json ? JSON.stringify(result) : lines.join('\n'));

const styleOf = ({ outColors: colors, sentences }: CommandContext) => ({ colors, sentences });

const isTokenKind = (value: string): value is TokenKind =>
  (TOKEN_KINDS as readonly string[]).includes(value);

const parseKind = (value: string, sentences: Sentences): TokenKind => {
  if (isTokenKind(value)) return value;
  throw createUsageError(sentences.notATokenKind(value, TOKEN_KINDS.join(', ')));
};

/** What was pasted, also in the form that VK_TOKENS has: `kind:token`. */
const toBody = (pasted: string, { kind, name }: AddOptions): AddVkTokenBody => {
  const [, written, rest] = /^(user|service|community):(.*)$/s.exec(pasted) ?? [];
  const chosen = kind ?? written;
  return {
    token: rest ?? pasted,
    ...(chosen !== undefined && isTokenKind(chosen) ? { kind: chosen } : {}),
    ...(name === undefined ? {} : { name }),
  };
};

const addToken = async (
  typed: readonly string[],
  options: AddOptions,
  context: CommandContext,
): Promise<number> => {
  const { sentences, cli } = context;
  if (typed.length > 0) throw createUsageError(sentences.tokenAsArgument);
  if (options.kind !== undefined) parseKind(options.kind, sentences);
  const body = toBody(await readToken(context), options);
  return withService(options, context, async ({ client }) => {
    const token = await client.call('POST /vk-tokens', { body });
    const line = sentences.tokenAdded(cli, token.id, token.last4);
    printResult(options, context, { token }, [line]);
  });
};

const listTokens = (options: ServiceOptions, context: CommandContext): Promise<number> =>
  withService(options, context, async ({ client }) => {
    const tokens = await Array.fromAsync(client.pages('GET /vk-tokens'));
    const none = [context.sentences.noStoredTokens(context.cli)];
    const lines = tokens.length === 0 ? none : renderTokens(tokens, styleOf(context));
    printResult(options, context, { tokens }, lines);
  });

const checkToken = (
  tokenId: number,
  options: ServiceOptions,
  context: CommandContext,
): Promise<number> =>
  withService(options, context, async ({ client }) => {
    const result = await client.call('POST /vk-tokens/:id/check', { params: { id: tokenId } });
    const style = styleOf(context);
    const lines = [...renderTokens([result.token], style), '', ...renderCheck(result, style)];
    printResult(options, context, result, lines);
    return result.token.status === 'ready' ? EXIT.complete : EXIT.noPermission;
  });

const removeToken = (
  tokenId: number,
  options: ServiceOptions,
  context: CommandContext,
): Promise<number> =>
  withService(options, context, async ({ client }) => {
    await client.call('DELETE /vk-tokens/:id', { params: { id: tokenId } });
    const removed = { removed: { id: tokenId } };
    printResult(options, context, removed, [context.sentences.tokenRemoved(tokenId)]);
  });

const rotate = (options: ServiceOptions, context: CommandContext): Promise<number> =>
  withService(options, context, async ({ client }) => {
    const { sentences, note } = context;
    const rotation = await client.call('POST /vk-tokens/rotate');
    printResult(options, context, rotation, [sentences.tokensRotated(rotation.rotated)]);
    if (rotation.unreadable === 0) return EXIT.complete;
    note(sentences.tokensUnreadable(rotation.unreadable));
    return EXIT.partial;
  });

const showQuotas = (options: ServiceOptions, context: CommandContext): Promise<number> =>
  withService(options, context, async ({ client }) => {
    const { items: quotas } = await client.call('GET /quota');
    const none = [context.sentences.noQuotas];
    const lines = quotas.length === 0 ? none : renderQuotas(quotas, styleOf(context));
    printResult(options, context, { quotas }, lines);
  });

const ADD_HELP = (cli: string): string => `
The token is asked for and not shown, or read from standard input; it is never an argument. The
whole address that VK led to after signing in (…#access_token=…) may be pasted as it is.

Examples:
  ${cli} tokens add --kind service --name "my app"
  ${cli} tokens add < token.txt`;

export const registerTokens = (
  program: Command,
  context: CommandContext,
  done: (exitCode: number) => void,
): void => {
  const { sentences, cli } = context;
  const tokens = program
    .command('tokens')
    .usage('[list|add|check|remove|rotate|quota] [id]')
    .summary('keep VK tokens, and see how they stand')
    .description(
      'Keep VK tokens encrypted beside the data, and see how they stand; without a verb, list them.',
    );
  const verb = (name: string, description: string): Command =>
    addServiceOptions(tokens.command(name).description(description));
  const verbOfId = (
    name: string,
    description: string,
    run: (id: number, options: ServiceOptions, context: CommandContext) => Promise<number>,
  ): Command =>
    verb(name, description)
      .argument('<id>', 'number of the token')
      .action(async (id: string, options: ServiceOptions) =>
        done(await run(parseNumberOf(id, sentences.notATokenId), options, context)),
      );
  verb('list', 'All tokens: how they stand, and what to do.').action(
    async (options: ServiceOptions) => done(await listTokens(options, context)),
  );
  verb('add', 'Add a token; running workers use it at once.')
    // Only to say why there is none.
    .argument('[token...]', 'none: the token is asked for, or read from standard input')
    .option('--kind <kind>', `${TOKEN_KINDS.join(', ')} (default: "user")`)
    .option('--name <name>', 'a name to know it by')
    .addHelpText('after', ADD_HELP(cli))
    .action(async (typed: string[], options: AddOptions) =>
      done(await addToken(typed, options, context)),
    );
  verbOfId('check', 'Ask VK, method by method, what a token may do.', checkToken);
  verbOfId('remove', 'Forget a token.', removeToken);
  verb('rotate', 'Encrypt all tokens anew, under a new secret or under STENOGRAF_SECRET.').action(
    async (options: ServiceOptions) => done(await rotate(options, context)),
  );
  verb('quota', "How much of VK's quotas is used, by token and method.").action(
    async (options: ServiceOptions) => done(await showQuotas(options, context)),
  );
};

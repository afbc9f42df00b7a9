import type { UserDto } from '@stenograf/contracts/access';
import { ROLES, type Role } from '@stenograf/contracts/scopes';
import { Argument, Option, type Command } from 'commander';
import type { ApiClient } from '../client/apiClient';
import { createAdminLink, createSignInLink } from '../client/signInLink';
import { renderUserTable } from '../output/accessTables';
import { CliError, EXIT } from '../output/cliError';
import type { CommandContext } from './context';
import { readPassword } from './readPassword';
import { addServiceOptions, type ServiceOptions } from './serviceOptions';
import { withService } from './withService';

type Done = (exitCode: number) => void;
type ChangeOptions = ServiceOptions & { force?: boolean };

const findUser = async (
  client: ApiClient,
  name: string,
  { sentences }: CommandContext,
): Promise<UserDto> => {
  const wanted = name.normalize('NFKC').toLowerCase();
  const users = await Array.fromAsync(client.pages('GET /users'));
  const user = users.find((one) => one.name === wanted);
  if (!user) throw new CliError(EXIT.usage, sentences.access.noUser(name));
  return user;
};

const printLink = (link: string, { json }: ServiceOptions, context: CommandContext): void => {
  context.print(json ? JSON.stringify({ link }) : link);
  context.note(context.sentences.access.linkOnce);
};

/** A link for a person, or for the first admin there is. */
const printLinkFor = (
  name: string | undefined,
  options: ServiceOptions,
  context: CommandContext,
): Promise<number> =>
  withService(options, context, async ({ client, embedded }) => {
    const { sentences, cli } = context;
    // A service of our own is gone before anybody has opened the link.
    if (embedded) throw new CliError(EXIT.usage, sentences.access.linkNeedsService(cli));
    if (name === undefined) return printLink(await createAdminLink(client), options, context);
    const { id } = await findUser(client, name, context);
    return printLink(await createSignInLink(client, id), options, context);
  });

const addUser = (
  name: string,
  { role, ...options }: ServiceOptions & { role: Role },
  context: CommandContext,
): Promise<number> =>
  withService(options, context, async ({ client }) => {
    const { print, note, sentences, cli } = context;
    const user = await client.call('POST /users', { body: { name, role } });
    if (options.json) print(JSON.stringify(user));
    note(sentences.access.userAdded(cli, user.name));
  });

const listUsers = (options: ServiceOptions, context: CommandContext): Promise<number> =>
  withService(options, context, async ({ client }) => {
    const { print, sentences, outColors: colors } = context;
    const users = await Array.fromAsync(client.pages('GET /users'));
    if (options.json) print(JSON.stringify({ users }));
    else print(renderUserTable(users, { colors, sentences }).join('\n'));
  });

const updateUser = (
  name: string,
  change: { role?: Role; disabled?: boolean },
  { force = false, ...options }: ChangeOptions,
  context: CommandContext,
): Promise<number> =>
  withService(options, context, async ({ client }) => {
    const { print, sentences, outColors: colors } = context;
    const { id } = await findUser(client, name, context);
    const user = await client.call('PATCH /users/:id', {
      params: { id },
      query: { force },
      body: change,
    });
    if (options.json) print(JSON.stringify(user));
    else print(renderUserTable([user], { colors, sentences }).join('\n'));
  });

const setPassword = async (
  name: string,
  options: ServiceOptions,
  context: CommandContext,
): Promise<number> => {
  const password = await readPassword(context);
  return withService(options, context, async ({ client }) => {
    const { id } = await findUser(client, name, context);
    await client.call('POST /users/:id/password', { params: { id }, body: { password } });
    context.note(context.sentences.access.passwordSet(name));
  });
};

const registerChanges = (users: Command, context: CommandContext, done: Done): void => {
  const addChange = (verb: string, description: string): Command =>
    addServiceOptions(users.command(verb).description(description))
      .argument('<name>', 'name of the user')
      .option('--force', 'also the last way in of an admin');
  addChange('role', 'Give a user another role.')
    .addArgument(new Argument('<role>', 'what the user may do').choices(ROLES))
    .action(async (name: string, role: Role, options: ChangeOptions) =>
      done(await updateUser(name, { role }, options, context)),
    );
  addChange('disable', 'Sign a user out and let them in no more.').action(
    async (name: string, options: ChangeOptions) =>
      done(await updateUser(name, { disabled: true }, options, context)),
  );
  addChange('enable', 'Let a disabled user in again.').action(
    async (name: string, options: ChangeOptions) =>
      done(await updateUser(name, { disabled: false }, options, context)),
  );
};

export const registerUsers = (program: Command, context: CommandContext, done: Done): void => {
  const users = program
    .command('users')
    .usage('[list|add|link|password|role|disable|enable] [name]')
    .summary('add people, list them, let them in or out')
    .description(
      'Add the people who sign in, list them, say what they may do; without a verb, list them.',
    );
  addServiceOptions(
    users.command('add').description('Add a person who signs in by a link at first.'),
  )
    .argument('<name>', 'what the person signs in with')
    .addOption(
      new Option('--role <role>', 'viewer reads, operator collects, admin may all')
        .choices(ROLES)
        .makeOptionMandatory(),
    )
    .action(async (name: string, options: ServiceOptions & { role: Role }) =>
      done(await addUser(name, options, context)),
    );
  addServiceOptions(
    users.command('list').description('Everybody who may sign in, or might.'),
  ).action(async (options: ServiceOptions) => done(await listUsers(options, context)));
  addServiceOptions(users.command('link').description('Print a link that signs in once.'))
    .argument('[name]', 'name of the user; the first admin by default')
    .action(async (name: string | undefined, options: ServiceOptions) =>
      done(await printLinkFor(name, options, context)),
    );
  addServiceOptions(
    users.command('password').description('Set a password, read from the terminal or stdin.'),
  )
    .argument('<name>', 'name of the user')
    .action(async (name: string, options: ServiceOptions) =>
      done(await setPassword(name, options, context)),
    );
  registerChanges(users, context, done);
};

import type { ErasureDto } from '@stenograf/contracts/access';
import type { Command } from 'commander';
import type { CommandContext } from './context';
import { addServiceOptions, type ServiceOptions } from './serviceOptions';
import { parseNumberOf } from './values';
import { withService } from './withService';

type EraseOptions = ServiceOptions & { yes?: boolean };

const printErasure = (
  erasure: ErasureDto,
  { json }: ServiceOptions,
  { print, sentences }: CommandContext,
): void => {
  if (json) return print(JSON.stringify({ erasure }));
  for (const line of sentences.erasure.counts(erasure)) print(line);
};

/** Shows what is stored; only with `--yes` it goes, since nothing brings it back. */
const eraseAuthor = (
  id: string,
  { yes = false, ...options }: EraseOptions,
  context: CommandContext,
): Promise<number> => {
  const { sentences, note, cli, interrupt } = context;
  const personId = parseNumberOf(id, sentences.erasure.notAPerson);
  const params = { id: personId };
  // Both read whole tables.
  const unbounded = { signal: interrupt.signal };
  return withService(options, context, async ({ client }) => {
    const preview = await client.call('GET /authors/:id/erasure', { params }, unbounded);
    if (!yes) {
      printErasure(preview, options, context);
      note(sentences.erasure.confirm(cli, personId));
      return;
    }
    if (!options.json) for (const line of sentences.erasure.counts(preview)) note(line);
    const erasure = await client.call('DELETE /authors/:id', { params }, unbounded);
    if (options.json) printErasure(erasure, options, context);
    note(sentences.erasure.done(personId));
  });
};

export const registerAuthors = (
  program: Command,
  context: CommandContext,
  done: (exitCode: number) => void,
): void => {
  const authors = program
    .command('authors')
    .summary('erase a person')
    .description('Erase a person who asks for it: what is stored of them, for good.');
  addServiceOptions(
    authors.command('erase').description('Show what is stored of a person; with --yes, erase it.'),
  )
    .argument('<id>', 'number of the person on VK')
    .option('--yes', 'erase it, and collect nothing of this person any more')
    .action(async (id: string, options: EraseOptions) =>
      done(await eraseAuthor(id, options, context)),
    );
};

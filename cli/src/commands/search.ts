import { Option, type Command } from 'commander';
import { findRecords } from '../client/findRecords';
import { renderFound, renderNotes } from '../output/foundRecords';
import type { CommandContext } from './context';
import { addServiceOptions, type ServiceOptions } from './serviceOptions';
import { parseInteger } from './values';
import { withService } from './withService';

interface SearchOptions extends ServiceOptions {
  in: 'posts' | 'comments' | 'all';
  limit: string;
}

const LIMIT_MAX = 500;

const search = (
  text: string,
  { in: list, limit: typed, ...options }: SearchOptions,
  context: CommandContext,
): Promise<number> => {
  const { sentences, print, note, outColors, errColors } = context;
  const limit = parseInteger('--limit', typed, { min: 1, max: LIMIT_MAX }, sentences);
  const lists = list === 'all' ? (['posts', 'comments'] as const) : [list];
  return withService(options, context, async ({ client }) => {
    const result = await findRecords(client, { text, lists, limit });
    if (options.json) {
      print(JSON.stringify(result));
      return;
    }
    for (const line of renderNotes(result.notes, errColors)) note(line);
    if (result.items.length === 0) note(sentences.search.nothing);
    else print(renderFound(result.items, { colors: outColors, sentences }).join('\n').trimEnd());
    if (result.more) note(sentences.search.more);
  });
};

export const registerSearch = (
  program: Command,
  context: CommandContext,
  done: (exitCode: number) => void,
): void => {
  addServiceOptions(
    program
      .command('search')
      .summary('find posts and comments by their words')
      .description(
        'Find posts and comments by their words, in any form, the newest first.\n\n' +
          '  word "a phrase" -without this OR that begin* *part* #hashtag\n' +
          '  author:5 community:1 since:30d until:2026-01-31 has:photo is:reply is:deleted',
      )
      .argument('<text...>', 'what to search for; after -- it may begin with a minus')
      .addOption(
        new Option('--in <list>', 'where').choices(['posts', 'comments', 'all']).default('all'),
      )
      .option('--limit <n>', 'how many', '20'),
  )
    .addHelpText(
      'after',
      `
Examples:
  ${context.cli} search кошка community:1 since:30d
  ${context.cli} search '"красная площадь" -москва' --in comments --json`,
    )
    .action(async (words: string[], options: SearchOptions) =>
      done(await search(words.join(' '), options, context)),
    );
};

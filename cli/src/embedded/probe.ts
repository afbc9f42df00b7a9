import { parseDeletedThing } from '@stenograf/backend/probe/deletedThing';
import { runProbe, type ProbeReport } from '@stenograf/backend/probe/runProbe';
import { HIDDEN_TOKEN, parseReference } from '@stenograf/backend/vkApi/references';
import { CliError, createUsageError, EXIT } from '../output/cliError';
import type { Sentences } from '../output/sentences/en';
import { readUnstoredConfig } from './service';

export type { ProbePoint, ProbeReport } from '@stenograf/backend/probe/runProbe';

/** Communities of whose walls one run reads: enough to see, few enough for a hundred requests. */
const COMMUNITIES_MAX = 5;

export interface ProbeRequest {
  env: Readonly<Record<string, string | undefined>>;
  /** As they were typed. */
  communities: readonly string[];
  /** Links to posts and comments that are known to be deleted. */
  deleted: readonly string[];
  signal: AbortSignal;
  sentences: Sentences;
}

const toGroupId = (line: string, sentences: Sentences): string => {
  const reference = parseReference(line);
  switch (reference.type) {
    case 'community':
      return String(reference.id);
    case 'post':
      return String(-reference.ownerId);
    case 'name':
      return reference.screenName;
    case 'rejected': {
      const shown = reference.kind === 'token_pasted' ? HIDDEN_TOKEN : line;
      throw createUsageError(sentences.probeNotCommunity(shown));
    }
  }
};

/**
 * Asks VK what its documents leave open, with the tokens of VK_TOKENS, reading only.
 * @throws CliError `usage`, or `noPermission` without a token that may read walls.
 */
export const probeVk = async (request: ProbeRequest): Promise<ProbeReport> => {
  const { env, communities, deleted, signal, sentences } = request;
  if (communities.length > COMMUNITIES_MAX) {
    throw createUsageError(sentences.probeTooMany(COMMUNITIES_MAX));
  }
  const { vk } = readUnstoredConfig(env);
  if (vk.tokens.every(({ kind }) => kind === 'community')) {
    throw new CliError(EXIT.noPermission, sentences.probeNeedsToken);
  }
  return runProbe({
    vk,
    references: communities.map((line) => toGroupId(line, sentences)),
    deleted: deleted.map((link) => {
      const thing = parseDeletedThing(link);
      if (thing) return thing;
      throw createUsageError(sentences.probeNotDeletedLink(link));
    }),
    signal,
  });
};

import type { ImportLineStatus } from '@stenograf/contracts/api';
import type { ReasonKind } from '@stenograf/contracts/reasons';
import type { CommunityInput, CommunityRepository } from '../../repositories/communityRepository';
import type { TargetReason } from '../../repositories/claimRepository';
import { VkError, VkWaitError } from '../../vkApi/errors';
import { parseReference, referenceKey } from '../../vkApi/references';
import type { VkApi } from '../../vkApi/types';
import type { WithTransaction } from '../../repositories/withTransaction';
import type { ErasureGuard } from '../erasing/erasureGuard';
import { storeCommunities } from '../erasing/storeNames';
import { createCommunityLoader } from '../collecting/communityLoader';
import { resolveTarget } from '../collecting/resolveTarget';
import type { VkCall } from '../collecting/vkCall';
import type { ReferenceLine } from './referenceLines';

export interface ImportedLine extends ReferenceLine {
  status: ImportLineStatus;
  /** The earlier line that means the same community. */
  duplicateOf: number | null;
  community: CommunityInput | null;
  reason: TargetReason | null;
}

export interface ImportService {
  /**
   * Asks VK who is meant by each line, in as few calls as it takes, and stores the communities that
   * can be collected. Every line is answered, in its order.
   * @param signal ends the asking, as when the reader has left
   * @throws AppError `conflict` in a database that was filled from another VK host; the signal's
   *   reason.
   */
  importLines(lines: ReferenceLine[], signal: AbortSignal): Promise<ImportedLine[]>;
}

/** People wait for the answer: it goes before what tasks ask. */
const PRIORITY = 1;

const STATUS_OF: Partial<Record<ReasonKind, ImportLineStatus>> = {
  bad_reference: 'bad_reference',
  token_pasted: 'bad_reference',
  not_found: 'not_found',
  a_person: 'a_person',
  not_a_community: 'not_a_community',
  community_banned: 'banned',
  community_deleted: 'deleted',
};

const keyOf = ({ ref }: ReferenceLine): string => {
  const reference = parseReference(ref);
  if (reference.type === 'rejected') return `rejected ${ref}`;
  // Of a link to a post the community is imported.
  return reference.type === 'post' ? `club${-reference.ownerId}` : referenceKey(reference);
};

const failed = (line: ReferenceLine, reason: TargetReason): ImportedLine => ({
  ...line,
  status: STATUS_OF[reason.kind] ?? 'unresolved',
  duplicateOf: null,
  community: null,
  reason,
});

const accepted = (line: ReferenceLine, community: CommunityInput): ImportedLine => {
  const isClosed = (community.isClosed ?? 0) > 0;
  return {
    ...line,
    status: isClosed ? 'closed' : 'accepted',
    duplicateOf: null,
    community,
    reason: isClosed ? { kind: 'community_closed', code: null } : null,
  };
};

/** The first line that means a community, or fails by the same form, stands for the later ones. */
const toLines = (lines: ReferenceLine[], answers: ReadonlyMap<string, ImportedLine>) => {
  const firsts = new Map<string, number>();
  return lines.map((line): ImportedLine => {
    const form = keyOf(line);
    const answer = answers.get(form) ?? failed(line, { kind: 'internal', code: null });
    // Lines that look different may mean one community: that shows only by VK's answer.
    const meaning = answer.community ? `club${answer.community.id}` : form;
    const first = firsts.get(meaning);
    if (first === undefined) {
      firsts.set(meaning, line.line);
      return { ...answer, ...line };
    }
    return { ...answer, ...line, status: 'duplicate', duplicateOf: first, reason: null };
  });
};

export const createImportService = ({
  vkApi,
  assertVkHost,
  ...guarded
}: {
  vkApi: VkApi;
  communityRepository: CommunityRepository;
  withTransaction: WithTransaction;
  erasureGuard: ErasureGuard;
  /** Invented communities must never be stored beside real ones. */
  assertVkHost: () => Promise<void>;
}): ImportService => ({
  async importLines(lines, signal) {
    await assertVkHost();
    const loader = createCommunityLoader();
    const call: VkCall = (method, params) =>
      vkApi.call(method, params, { groupKey: 'import', priority: PRIORITY, signal });

    const resolve = async (line: ReferenceLine): Promise<ImportedLine> => {
      try {
        const { community, failure } = await resolveTarget(line.ref, call, loader);
        return community ? accepted(line, community) : failed(line, failure);
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof VkError) && !(error instanceof VkWaitError)) throw error;
        return failed(line, { kind: error.kind, code: error.code });
      }
    };

    const firsts = [...new Map(lines.toReversed().map((line) => [keyOf(line), line])).values()];
    const answers = await Promise.all(firsts.map(resolve));
    await storeCommunities(
      guarded,
      answers.flatMap(({ community }) => community ?? []),
    );
    return toLines(lines, new Map(answers.map((answer) => [keyOf(answer), answer])));
  },
});

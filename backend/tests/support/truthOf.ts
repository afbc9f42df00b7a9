import type { ExportRecord } from '@stenograf/contracts/exportRecords';
import type { Sandbox } from '@stenograf/sandbox';
import { byKey } from './records';

/** The sandbox's own list of what is to be collected, by key, for comparison with an export. */
export const truthOf = (
  sandbox: Sandbox,
  communityIds?: readonly number[],
): ReturnType<typeof byKey> => {
  const { posts, comments, authors, communities } = sandbox.truth(
    communityIds ? { communities: communityIds } : {},
  );
  return byKey([...posts, ...comments, ...authors, ...communities] as ExportRecord[]);
};

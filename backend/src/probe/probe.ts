import type { Asking, Finding } from './asking';
import type { ProbeRecord } from './record';
import type { Survey } from './survey';

/** A post, or a comment, that the caller knows to be deleted. */
export interface DeletedThing {
  ownerId: number;
  postId: number;
  commentId: number | null;
  /** Of a reply: the root comment of its thread. */
  rootId: number | null;
}

/** What every probe may look at. */
export interface ProbeContext {
  record: ProbeRecord;
  survey: Survey;
  hasServiceKey: boolean;
  deleted: readonly DeletedThing[];
  /** Version of the settings, such as `5.199`. */
  apiVersion: string;
  /** Names of headers about limits that came with replies so far, and how many replies came. */
  limitHeaders: () => { names: readonly string[]; replies: number };
}

export type Probe = (context: ProbeContext) => Asking<Finding>;

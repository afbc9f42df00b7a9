import { notAsked, type Value } from './asking';
import { closedComments, defaultSort } from './commentLists';
import { deletedLeaf, deletedPost, deletedStub } from './deletedThings';
import { inlineOrder, parentsStack } from './inlineReplies';
import { objectsSince, unknownGroup, unknownName, unknownUsers } from './lookups';
import { pinnedRepeated } from './pinnedPost';
import type { Probe } from './probe';
import { longAddress, rateHeaders, serviceExecute } from './requests';
import { controlCharacters, textLengthMax } from './texts';
import { defaultWallCount, shortPages, wallOffsetMax } from './walls';

/** A point that VK's documents leave open. */
export interface Point {
  name: string;
  /** Values that the sandbox can be switched to; none where it has no such switch. */
  values: readonly Value[];
  probe: Probe;
}

/** A point that no harmless call would settle, with the reason. */
const leftAlone = (reason: string): Probe =>
  // oxlint-disable-next-line require-yield
  function* () {
    return notAsked(reason);
  };

const RATE = 'telling would take requests beyond the rate';
const QUOTA = 'telling would take all calls of a day';

/**
 * All points, the cheap ones first; last those that look once more at all that the others read, for
 * short pages, texts and headers.
 */
export const POINTS: readonly Point[] = [
  { name: 'unknownGroup', values: ['dropped', 'deactivated', '100'], probe: unknownGroup },
  { name: 'unknownUsers', values: ['empty', '113'], probe: unknownUsers },
  { name: 'unknownName', values: ['empty', '104'], probe: unknownName },
  { name: 'objectsSince', values: ['5.139', '5.194'], probe: objectsSince },
  { name: 'serviceExecute', values: [false, true], probe: serviceExecute },
  { name: 'longAddress', values: ['read', '414'], probe: longAddress },
  { name: 'inlineOrder', values: ['mixed', 'oldest', 'newest'], probe: inlineOrder },
  { name: 'parentsStack', values: ['root', 'chain'], probe: parentsStack },
  { name: 'deletedStub', values: ['mixed', 'bare', 'zero-author'], probe: deletedStub },
  { name: 'deletedLeaf', values: ['gone', 'stub'], probe: deletedLeaf },
  { name: 'deletedPost', values: ['left-out', 'stub'], probe: deletedPost },
  { name: 'closedComments', values: ['212', 'empty'], probe: closedComments },
  { name: 'defaultSort', values: ['desc', 'asc', 'smart'], probe: defaultSort },
  { name: 'pinnedRepeated', values: [false, true], probe: pinnedRepeated },
  { name: 'defaultWallCount', values: [20, 100], probe: defaultWallCount },
  { name: 'wallOffsetMax', values: [0, 10_000], probe: wallOffsetMax },
  { name: 'shortPages', values: ['hidden', 'never', 'often'], probe: shortPages },
  { name: 'controlCharacters', values: ['kept', 'removed'], probe: controlCharacters },
  { name: 'textLengthMax', values: [0, 4_096], probe: textLengthMax },
  { name: 'serviceRps', values: [3, 5, 20], probe: leftAlone(RATE) },
  { name: 'rateScope', values: ['token', 'account', 'address'], probe: leftAlone(RATE) },
  { name: 'quotaWindow', values: ['sliding', 'half-hour'], probe: leftAlone(QUOTA) },
  { name: 'quotaScope', values: ['token', 'app'], probe: leftAlone(QUOTA) },
  { name: 'commentsQuota', values: [0, 5_000], probe: leftAlone(QUOTA) },
  { name: 'rateHeaders', values: [], probe: rateHeaders },
  {
    name: 'callbackRetries',
    values: [],
    probe: leftAlone('a server that VK calls, and the rights of an administrator'),
  },
  { name: 'refreshTokenLife', values: [], probe: leftAlone('a refresh token, and months') },
  { name: 'shortNameDots', values: [], probe: leftAlone('communities to rename') },
];

import type { GroupsGroupType } from '@vkontakte/api-schema-typescript';
import type { AttachmentKind } from './attachments';
import type { CommunityState } from './model';

/** What a world is built from. Everything left out is drawn from the seed. */
export interface WorldPlan {
  /** People to write with. */
  users: number;
  communities: CommunityPlan[];
  /** Short name of the first person. */
  personName?: string;
  /** Short name of an app, which is neither a person nor a community. */
  appName?: string;
}

export interface CommunityPlan {
  id: number;
  /** Left out: the community has no short name, and VK calls it `club<id>`. */
  screenName?: string;
  name?: string;
  type?: GroupsGroupType;
  state?: CommunityState;
  isBystander?: boolean;
  /** Two walls with one label get equal ids and shapes; their words differ. */
  twinLabel?: string;
  /** Oldest first. */
  posts: PostPlan[];
}

export interface PostPlan {
  by?: 'community' | 'user' | 'bystander';
  text?: string;
  isPinned?: boolean;
  isSigned?: boolean;
  isAds?: boolean;
  isEdited?: boolean;
  isRepost?: boolean;
  isHidden?: boolean;
  hasGeo?: boolean;
  hasCopyright?: boolean;
  hasDonutPlaceholder?: boolean;
  /** The post is dated after posts with higher ids, as a postponed one may be. */
  isDatedLate?: boolean;
  attachments?: AttachmentKind[];
  commentAccess?: 'open' | 'closed' | 'gone';
  /** Root comments, oldest first. */
  roots?: RootPlan[];
  /** Added to VK's counter of all comments. */
  totalDrift?: number;
  /** Added to `current_level_count`; null leaves the field out. Never below zero. */
  levelDrift?: number | null;
}

export interface RootPlan {
  text?: string;
  by?: 'user' | 'community' | 'bystander' | 'deactivated' | 'leftOut';
  replies?: number;
  isStub?: boolean;
  isHidden?: boolean;
  hasDonutPlaceholder?: boolean;
  attachments?: AttachmentKind[];
  /** Replies, by index, that are hidden. */
  hiddenReplies?: number[];
  /** Texts of the first replies. */
  replyTexts?: string[];
  /** Added to the counter of the thread. */
  threadDrift?: number;
}

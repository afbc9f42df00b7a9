import type {
  GroupsGroupFull,
  UsersUserFull,
  WallWallComment,
  WallWallpostFull,
} from '@vkontakte/api-schema-typescript';
import type { Sandbox } from '../../src/createSandbox';
import { stripVolatile } from '../../src/world/stripVolatile';
import { askVk, callVk, type Params } from './client';

/** A plain, slow reader of a world that stands still: no overlap, no packing, every page asked for. */

interface Page<T> {
  count: number;
  current_level_count?: number;
  items: T[];
  profiles: UsersUserFull[];
  groups: GroupsGroupFull[];
}

type Row = Record<string, unknown>;

export interface Reading {
  posts: Row[];
  comments: Row[];
  authors: Row[];
  communities: Row[];
  calls: number;
}

const clean = (text: string): string => text.replaceAll('\0', '').toWellFormed();

const cleanAll = (value: unknown): unknown =>
  stripVolatile(
    JSON.parse(JSON.stringify(value), (_key, entry: unknown) =>
      typeof entry === 'string' ? clean(entry) : entry,
    ),
  );

const time = (seconds: number | undefined): string =>
  new Date((seconds ?? 0) * 1_000).toISOString();

const toPost = (post: WallWallpostFull): Row => ({
  kind: 'post',
  owner_id: post.owner_id,
  id: post.id,
  from_id: post.from_id,
  date: time(post.date),
  text: clean(post.text ?? ''),
  post_type: post.post_type,
  likes: post.likes?.count,
  reposts: post.reposts?.count,
  views: post.views?.count ?? null,
  comments: post.comments?.count,
  comments_stored: 0,
  is_pinned: Boolean(post.is_pinned),
  marked_as_ads: Boolean(post.marked_as_ads),
  signer_id: post.signer_id ?? null,
  edited_at: post.edited === undefined ? null : time(post.edited),
  attachments: cleanAll(post.attachments ?? []),
  copy_history: cleanAll(post.copy_history ?? []),
  geo: post.geo ?? null,
  deleted_at: null,
  url: `https://vk.com/wall${post.owner_id}_${post.id}`,
});

const toComment = (comment: WallWallComment, ownerId: number, postId: number): Row => ({
  kind: 'comment',
  owner_id: ownerId,
  post_id: postId,
  id: comment.id,
  from_id: comment.from_id || null,
  date: time(comment.date),
  text: clean(comment.text ?? ''),
  likes: comment.likes?.count ?? 0,
  thread_root_id: comment.parents_stack?.[0] ?? null,
  reply_to_comment_id: comment.reply_to_comment ?? null,
  reply_to_user_id: comment.reply_to_user ?? null,
  is_deleted: Boolean(comment.deleted),
  attachments: cleanAll(comment.attachments ?? []),
  deleted_at: null,
  url: `https://vk.com/wall${ownerId}_${postId}?reply=${comment.id}`,
});

const toAuthor = (user: UsersUserFull): Row => ({
  kind: 'author',
  id: user.id,
  name: `${user.first_name} ${user.last_name}`.trim(),
  first_name: user.first_name,
  last_name: user.last_name,
  screen_name: user.screen_name ?? null,
  deactivated: user.deactivated ?? null,
});

const toCommunity = (group: GroupsGroupFull): Row => ({
  kind: 'community',
  id: group.id,
  screen_name: group.screen_name,
  name: group.name,
  type: group.type,
  is_closed: group.is_closed,
  deactivated: group.deactivated ?? null,
});

const COMMENT_PARAMS: Params = {
  count: 100,
  sort: 'asc',
  preview_length: 0,
  need_likes: 1,
  thread_items_count: 10,
  extended: 1,
  fields: 'screen_name',
};

export const readPlainly = async (
  sandbox: Sandbox,
  communityIds: readonly number[],
  token: string,
): Promise<Reading> => {
  const profiles = new Map<number, UsersUserFull>();
  const groups = new Map<number, GroupsGroupFull>();
  const reading: Reading = { posts: [], comments: [], authors: [], communities: [], calls: 0 };
  const fromIds = new Set<number>();

  const readList = async <T>(method: string, params: Params): Promise<T[]> => {
    const items: T[] = [];
    for (let offset = 0; ; offset += 100) {
      const envelope = await callVk<Page<T>>(sandbox, method, {
        ...params,
        offset,
        access_token: token,
      });
      reading.calls += 1;
      if (envelope.error) return items;
      const page = envelope.response;
      items.push(...page.items);
      for (const user of page.profiles) profiles.set(user.id ?? 0, user);
      for (const group of page.groups) groups.set(group.id ?? 0, group);
      const total = page.current_level_count ?? page.count;
      if (offset + 100 >= total && page.items.length < 100) return items;
    }
  };

  const store = (comment: WallWallComment, ownerId: number, postId: number): void => {
    reading.comments.push(toComment(comment, ownerId, postId));
    if (comment.from_id) fromIds.add(comment.from_id);
  };

  const readComments = async (ownerId: number, postId: number): Promise<number> => {
    const before = reading.comments.length;
    const params = { ...COMMENT_PARAMS, owner_id: ownerId, post_id: postId };
    for (const root of await readList<WallWallComment>('wall.getComments', params)) {
      store(root, ownerId, postId);
      const inline = root.thread?.items ?? [];
      const isWhole = (root.thread?.count ?? 0) <= inline.length;
      const replies = isWhole
        ? inline
        : await readList<WallWallComment>('wall.getComments', {
            ...params,
            comment_id: root.id ?? 0,
          });
      for (const reply of replies) store(reply, ownerId, postId);
    }
    return reading.comments.length - before;
  };

  const wanted = await askVk<{ groups: GroupsGroupFull[] }>(sandbox, 'groups.getById', {
    group_ids: communityIds.join(','),
    access_token: token,
  });
  reading.calls += 1;
  for (const { id } of wanted.groups) {
    const ownerId = -(id ?? 0);
    const params = { owner_id: ownerId, count: 100, extended: 1 };
    for (const post of await readList<WallWallpostFull>('wall.get', params)) {
      const row = toPost(post);
      fromIds.add(post.from_id ?? 0);
      if (row['comments'] !== 0) row['comments_stored'] = await readComments(ownerId, post.id ?? 0);
      reading.posts.push(row);
    }
  }
  const authorIds = [...fromIds].filter((id) => id > 0);
  const unknown = authorIds.filter((id) => !profiles.has(id));
  if (unknown.length > 0) {
    const users = await askVk<UsersUserFull[]>(sandbox, 'users.get', {
      user_ids: unknown.join(','),
      fields: 'screen_name',
      access_token: token,
    });
    for (const user of users) profiles.set(user.id ?? 0, user);
  }
  reading.authors = authorIds.map((id) => toAuthor(profiles.get(id) ?? {}));
  const communities = new Map(wanted.groups.map((group) => [group.id ?? 0, group]));
  for (const id of fromIds) {
    const group = groups.get(-id);
    if (id < 0 && group) communities.set(-id, group);
  }
  reading.communities = [...communities.values()].map((group) => toCommunity(group));
  return reading;
};

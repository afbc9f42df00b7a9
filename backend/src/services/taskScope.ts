import type { CreateTaskBody } from '@stenograf/contracts/api';
import { invalidField } from '../errors';
import type { NewTask } from '../repositories/taskRepository';
import { parseScopeDate, type ScopeEdge } from '../utils/scopeDate';
import type { CollectScope } from './collecting/readWall';

const readDate = (text: string | undefined, edge: ScopeEdge, now: Date): Date | null => {
  if (text === undefined) return null;
  const date = parseScopeDate(text, edge, now);
  if (date) return date;
  throw invalidField(`/posts/${edge}`, 'Must be a date, a time or an age.');
};

/**
 * What a person asked for, with its defaults; an age is counted from `now`.
 * @throws AppError `validation_failed` for dates that make no sense.
 */
export const toNewTask = (
  { posts, comments, priority, name }: CreateTaskBody,
  now: Date,
): NewTask => ({
  name: name ?? null,
  postsLimit: posts?.limit ?? null,
  postsSince: readDate(posts?.since, 'since', now),
  postsUntil: readDate(posts?.until, 'until', now),
  postsFilter: posts?.filter ?? 'all',
  collectComments: comments?.collect ?? true,
  collectThreads: comments?.threads ?? true,
  priority: priority ?? 5,
});

/** The same as those need it who read a wall. */
export const toCollectScope = (task: NewTask): CollectScope => ({
  limit: task.postsLimit,
  since: task.postsSince,
  until: task.postsUntil,
  filter: task.postsFilter,
  collectComments: task.collectComments,
  collectThreads: task.collectThreads,
});

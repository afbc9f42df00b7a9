import type { OperationName } from '@stenograf/contracts/operations';

/** What the document says of an operation beside its schemas. */
export interface OperationText {
  summary: string;
  description?: string;
  /** Of the reply that is a success; 200 if not given. */
  status?: number;
  /** When it answers 409. */
  conflict?: string;
  givesLocation?: true;
  givesCookie?: true;
}

const MOVE = {
  description: 'In effect when it is answered.',
  conflict: 'The status of the task does not allow it.',
} as const;
const NO_LIST = 'The installation has no secret, or not the one of its list of erased people.';
const LAST_ADMIN = 'No admin would be left who could sign in, and no admin key.';

/** Operations that speak JSON. */
export const OPERATION_TEXTS: Record<OperationName, OperationText> = {
  'POST /tasks': {
    summary: 'Collect communities',
    description: 'Checks the form alone; a line that VK does not know becomes a failed target.',
    status: 202,
    givesLocation: true,
  },
  'POST /tasks/plan': {
    summary: 'What a task would take',
    description: 'Looks at a few pages of up to 20 of the communities; makes nothing.',
    conflict: 'No token can ask VK now.',
  },
  'GET /tasks': { summary: 'Tasks, newest first' },
  'GET /tasks/:id': { summary: 'One task: status, progress, metrics, ledger' },
  'POST /tasks/:id/pause': { summary: 'Pause a task', ...MOVE },
  'POST /tasks/:id/resume': { summary: 'Send a paused task on', ...MOVE },
  'POST /tasks/:id/cancel': {
    summary: 'End a task, keeping what was read',
    ...MOVE,
  },
  'POST /tasks/:id/retry': { summary: 'Try once more what failed', ...MOVE },
  'DELETE /tasks/:id': {
    summary: 'Forget a task',
    description: 'Its posts and comments stay.',
    status: 204,
    conflict: 'It is at work.',
  },
  'GET /tasks/:id/targets': { summary: 'The communities of a task, as they were pasted' },
  'GET /tasks/:id/walks': {
    summary: 'The lists that a task reads, each with its ledger',
    description: "VK's count of each list against what was read of it.",
  },
  'GET /tasks/:id/events': {
    summary: 'The log of a task',
    description:
      'Oldest first. With `Accept: text/event-stream` it is sent as it grows; `Last-Event-ID` brings what came later.',
  },
  'POST /communities/import': {
    summary: 'Answer every line of a list of links',
    description: 'A file as the body or in a form, or a text as JSON; up to 2 MB and 10 000 lines.',
  },
  'GET /communities': { summary: 'Known communities' },
  'GET /communities/:id': { summary: 'One community and what is stored of its wall' },
  'GET /posts': { summary: 'Posts by filters and words' },
  'GET /posts/:owner_id/:id': { summary: 'One post' },
  'GET /posts/:owner_id/:id/comments': { summary: 'Comments of a post, as a tree or flat' },
  'GET /comments': { summary: 'Comments by filters and words' },
  'GET /authors': {
    summary: 'People who wrote',
    description:
      'With `community`, `since` or `until`: who wrote a post or comment there and then. ' +
      'A page of these may be short, or empty, with `next` set.',
  },
  'GET /authors/:id': {
    summary: 'One who wrote, and how much',
    description: 'A person, or with a negative id a community.',
  },
  'GET /authors/:id/erasure': {
    summary: 'What is stored of a person, and whether they were erased',
    description: 'Counts what `DELETE /authors/:id` would change; reads the tables as a whole.',
    conflict: NO_LIST,
  },
  'DELETE /authors/:id': {
    summary: 'Erase a person, for good',
    description:
      'What they wrote becomes empty nodes, their name goes everywhere, and collecting brings ' +
      'nothing of them back. May be repeated.',
    conflict: NO_LIST,
  },
  'GET /stats/timeline': { summary: 'Posts and comments over time' },
  'GET /stats/heatmap': { summary: 'Posts and comments by weekday and hour' },
  'GET /stats/top-authors': { summary: 'Who wrote most' },
  'GET /stats/top-posts': { summary: 'Posts with the most likes, comments, reposts or views' },
  'GET /stats/communities': { summary: 'Sums by community' },
  'GET /vk-tokens': { summary: 'VK tokens and how they stand' },
  'POST /vk-tokens': {
    summary: 'Add a VK token',
    description: 'No reply ever shows it again. What waits for a token goes on.',
    status: 201,
    givesLocation: true,
    conflict: 'The token is here already, or there is no secret to encrypt it with.',
  },
  'POST /vk-tokens/rotate': {
    summary: 'Encrypt all tokens under the current secret',
    conflict: 'There is no secret to encrypt with.',
  },
  'GET /vk-tokens/:id': { summary: 'One VK token' },
  'DELETE /vk-tokens/:id': {
    summary: 'Remove a VK token',
    status: 204,
    conflict: 'A running process has it from VK_TOKENS.',
  },
  'POST /vk-tokens/:id/check': {
    summary: 'Ask VK what a token may do',
    conflict: 'It cannot be read here: it is encrypted under another secret.',
  },
  'GET /quota': { summary: "VK's daily quotas: used, left, forecast" },
  'POST /api-keys': { summary: 'Make an API key; shown once', status: 201 },
  'GET /api-keys': { summary: 'API keys' },
  'DELETE /api-keys/:id': { summary: 'Revoke an API key', status: 204, conflict: LAST_ADMIN },
  'POST /users': {
    summary: 'Add a person',
    status: 201,
    givesLocation: true,
    conflict: 'A user of this name exists already.',
  },
  'GET /users': { summary: 'People who may sign in' },
  'GET /users/:id': { summary: 'One person' },
  'PATCH /users/:id': {
    summary: 'Change the role of a person, or disable them',
    conflict: LAST_ADMIN,
  },
  'POST /users/:id/password': { summary: 'Set the password of a person', status: 204 },
  'POST /users/:id/link': {
    summary: 'Make a link that signs a person in once',
    status: 201,
    conflict: 'The person is disabled.',
  },
  'POST /session': { summary: 'Sign in', status: 201, givesCookie: true },
  'GET /session': { summary: 'Who is signed in' },
  'DELETE /session': { summary: 'Sign out', status: 204 },
  'POST /session/password': { summary: 'Change the own password', givesCookie: true },
  'GET /service': { summary: 'Which service this is' },
  'GET /health/live': { summary: 'Whether the process runs' },
  'GET /health/ready': {
    summary: 'Whether it can work: database, schema, Redis',
    description: '503 with the same body while it cannot.',
  },
};

/** By the first part of the path. */
export const TAGS: Record<string, string> = {
  tasks: 'What people asked to be collected',
  communities: 'Communities of VK, and lists of them',
  posts: 'Posts that were collected',
  comments: 'Comments that were collected',
  authors: 'Who wrote',
  stats: 'Counts',
  exports: 'Files, written while they are read',
  'vk-tokens': 'Tokens of VK',
  quota: 'What of the daily quotas of VK is used',
  'api-keys': 'Keys of programs',
  users: 'People',
  session: 'Signing in',
  service: 'This service',
  health: 'For those who watch over it',
  openapi: 'This document',
  metrics: 'For those who watch over it, by Prometheus',
};

/** What a parameter chooses, by its name; those that are not here say it with their form. */
export const PARAMETER_TEXTS: Record<string, string> = {
  id: 'Which one.',
  owner_id: 'The wall of the post: minus the id of its community.',
  limit: 'How many of them, at most.',
  cursor: 'The `next` of the page before.',
  task: 'What this task has seen; a comment by its post.',
  community: 'Ids of communities, any of them: `1`, `-1`, `club1`.',
  author: 'Ids of who wrote, any of them: `5`, `id5`, of communities `-1`, `club1`.',
  since: 'From this date on: `2026-01-31`, `2026-01-31T10:00Z`, or an age, `30d`, `12h`.',
  until: 'Up to this date, inclusive; written as `since`.',
  q:
    'Words. Of names their beginnings; of texts in any form, with `"phrases"`, `-exclusions`, ' +
    '`OR`, `prefix*`, `*part*`, `#hashtags`, and filters such as `has:photo`.',
  has: 'All of these attached.',
  is: 'All of these true of it.',
  min_likes: 'At least so many likes.',
  sort: 'The order: `-` for the newest or most first.',
  view: 'Roots with their replies, or all in the order of writing.',
  thread: 'The root whose replies are meant; with `view=flat` alone.',
  collected: 'Only those whose wall was read, or only the others.',
  unit: 'How long a step of time is.',
  zone: 'The time zone by which days and hours are told.',
  by: 'What is counted.',
  profile: 'For Excel, or as RFC 4180 has it.',
  force: 'Do it even if it ends the last way in of an admin.',
  'idempotency-key': 'Chosen by the caller: the same request sent again is carried out once.',
  'last-event-id': 'Of a stream: the number of the last event that the reader has.',
};

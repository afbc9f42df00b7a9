import type { OperationName } from '@stenograf/contracts/operations';

/** What the document says of an operation beside its schemas. */
export interface OperationText {
  summary: string;
  description?: string;
  /** Of the reply that is a success; 200 if not given. */
  status?: number;
}

const MOVE_NOTE =
  'In effect when it is answered; 409 where the status of the task does not allow it.';

/** Operations that speak JSON. */
export const OPERATION_TEXTS: Record<OperationName, OperationText> = {
  'POST /tasks': {
    summary: 'Collect communities',
    description: 'Checks the form alone; a line that VK does not know becomes a failed target.',
    status: 202,
  },
  'POST /tasks/plan': {
    summary: 'What a task would take',
    description: 'Looks at a few pages of up to 20 of the communities; makes nothing.',
  },
  'GET /tasks': { summary: 'Tasks, newest first' },
  'GET /tasks/:id': { summary: 'One task: status, progress, metrics, ledger' },
  'POST /tasks/:id/pause': { summary: 'Pause a task', description: MOVE_NOTE },
  'POST /tasks/:id/resume': { summary: 'Send a paused task on', description: MOVE_NOTE },
  'POST /tasks/:id/cancel': {
    summary: 'End a task, keeping what was read',
    description: MOVE_NOTE,
  },
  'POST /tasks/:id/retry': { summary: 'Try once more what failed', description: MOVE_NOTE },
  'DELETE /tasks/:id': {
    summary: 'Forget a task',
    description: 'Its posts and comments stay. 409 while it is at work.',
    status: 204,
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
  'GET /authors': { summary: 'People who wrote' },
  'GET /authors/:id': {
    summary: 'One who wrote, and how much',
    description: 'A person, or with a negative id a community.',
  },
  'GET /authors/:id/erasure': {
    summary: 'What is stored of a person, and whether they were erased',
    description: 'Counts what `DELETE /authors/:id` would change; reads the tables as a whole.',
  },
  'DELETE /authors/:id': {
    summary: 'Erase a person, for good',
    description:
      'What they wrote becomes empty nodes, their name goes everywhere, and collecting brings ' +
      'nothing of them back. May be repeated; 409 where the installation has no secret.',
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
  },
  'POST /vk-tokens/rotate': { summary: 'Encrypt all tokens under the current secret' },
  'GET /vk-tokens/:id': { summary: 'One VK token' },
  'DELETE /vk-tokens/:id': { summary: 'Remove a VK token', status: 204 },
  'POST /vk-tokens/:id/check': { summary: 'Ask VK what a token may do' },
  'GET /quota': { summary: "VK's daily quotas: used, left, forecast" },
  'POST /api-keys': { summary: 'Make an API key; shown once', status: 201 },
  'GET /api-keys': { summary: 'API keys' },
  'DELETE /api-keys/:id': { summary: 'Revoke an API key', status: 204 },
  'POST /users': { summary: 'Add a person', status: 201 },
  'GET /users': { summary: 'People who may sign in' },
  'GET /users/:id': { summary: 'One person' },
  'PATCH /users/:id': { summary: 'Change the role of a person, or disable them' },
  'POST /users/:id/password': { summary: 'Set the password of a person', status: 204 },
  'POST /users/:id/link': { summary: 'Make a link that signs a person in once', status: 201 },
  'POST /session': { summary: 'Sign in', status: 201 },
  'GET /session': { summary: 'Who is signed in' },
  'DELETE /session': { summary: 'Sign out', status: 204 },
  'POST /session/password': { summary: 'Change the own password' },
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

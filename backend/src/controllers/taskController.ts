import type { CreateTaskBody } from '@stenograf/contracts/api';
import { presentPlan } from '../presenters/planPresenter';
import {
  presentEvent,
  presentPage,
  presentTarget,
  presentTask,
  presentWalk,
} from '../presenters/taskPresenter';
import type { EventHeaders, IdempotencyHeaders, ListQuery } from '../schemas/parameters';
import type { TaskSnapshot } from '../repositories/snapshots';
import type { IdempotencyService } from '../services/idempotencyService';
import type { PlanService } from '../services/planning/planService';
import type { TaskService } from '../services/taskServiceTypes';
import { addLogFields } from '../utils/logContext';
import type { EventStreams } from './eventStream';
import { idempotentRequest, sendReply } from './idempotent';
import { untilLeft } from './untilLeft';
import type { Controller } from './route';

interface IdParams {
  id: number;
}

export interface TaskController {
  create: Controller<object, object, CreateTaskBody, IdempotencyHeaders>;
  /** What the task would take; makes nothing. */
  plan: Controller<object, object, CreateTaskBody>;
  list: Controller<object, ListQuery>;
  get: Controller<IdParams>;
  pause: Controller<IdParams>;
  resume: Controller<IdParams>;
  cancel: Controller<IdParams>;
  retry: Controller<IdParams>;
  remove: Controller<IdParams>;
  listTargets: Controller<IdParams, ListQuery>;
  listWalks: Controller<IdParams, ListQuery>;
  /** A page of the log, or the log as it grows for who accepts `text/event-stream`. */
  listEvents: Controller<IdParams, ListQuery, undefined, EventHeaders>;
}

const toPage = ({ cursor, limit }: ListQuery) => ({ after: cursor, limit });

const createMove =
  (move: (taskId: number) => Promise<TaskSnapshot>): Controller<IdParams> =>
  async ({ params, language }, response) => {
    addLogFields({ taskId: params.id });
    response.json(presentTask(await move(params.id), language));
  };

const wantsStream = ({ accept = '' }: EventHeaders): boolean =>
  accept.split(',').some((type) => type.trim().toLowerCase().startsWith('text/event-stream'));

export const createTaskController = ({
  taskService,
  eventStreams,
  idempotencyService,
  planService,
}: {
  taskService: TaskService;
  eventStreams: EventStreams;
  idempotencyService: IdempotencyService;
  planService: PlanService;
}): TaskController => ({
  pause: createMove(taskService.pauseTask),
  resume: createMove(taskService.resumeTask),
  cancel: createMove(taskService.cancelTask),
  retry: createMove(taskService.retryTask),
  async remove({ params }, response) {
    addLogFields({ taskId: params.id });
    await taskService.deleteTask(params.id);
    response.status(204).end();
  },
  async create({ body, headers, language }, response) {
    const request = idempotentRequest('POST /tasks', body, headers, response);
    const outcome = await idempotencyService.once(request, async (transaction) => {
      const task = await taskService.createTask(body, transaction);
      addLogFields({ taskId: task.id });
      const location = `/api/v1/tasks/${task.id}`;
      return { status: 202, location, body: presentTask(task, language) };
    });
    sendReply(outcome, response);
  },
  async plan({ body, language }, response) {
    const plan = await planService.plan(body, untilLeft(response));
    response.json(presentPlan(plan, language));
  },
  async list({ query, language, seal }, response) {
    const page = await taskService.listTasks(toPage(query));
    response.json(presentPage(page, (task) => presentTask(task, language), seal));
  },
  async get({ params, language }, response) {
    addLogFields({ taskId: params.id });
    response.json(presentTask(await taskService.getTask(params.id), language));
  },
  async listTargets({ params, query, language, seal }, response) {
    addLogFields({ taskId: params.id });
    const page = await taskService.listTargets(params.id, toPage(query));
    response.json(presentPage(page, (target) => presentTarget(target, language), seal));
  },
  async listWalks({ params, query, language, seal }, response) {
    addLogFields({ taskId: params.id });
    const page = await taskService.listWalks(params.id, toPage(query));
    response.json(presentPage(page, (walk) => presentWalk(walk, language), seal));
  },
  async listEvents({ params, query, headers, isHead, seal }, response) {
    addLogFields({ taskId: params.id });
    if (wantsStream(headers) && !isHead) {
      const after = headers['last-event-id'] ?? query.cursor ?? 0;
      return eventStreams.send(params.id, after, response);
    }
    const page = await taskService.listEvents(params.id, toPage(query));
    response.json(presentPage(page, presentEvent, seal));
  },
});

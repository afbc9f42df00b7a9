import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { isTaskEnded, type TaskStatus } from '@stenograf/contracts/statuses';
import type { Response } from 'express';
import { presentEvent } from '../presenters/taskPresenter';
import type { TaskEvent } from '../repositories/snapshots';
import { holderIn } from '../services/identity';
import type { ProcessMetrics } from '../services/metrics/processMetrics';
import type { TaskService } from '../services/taskServiceTypes';
import type { Logger } from '../utils/logger';
import { createPlaces, type PlaceLimits } from '../utils/places';

/** How often the stored log is looked at while nothing new is in it. */
const LOOK_MS = 500;
/** How often it is made sure that the reader may still read. */
const ACCESS_MS = 1_000;
/** A comment line, so that neither side nor a proxy between takes a quiet task for a dead one. */
const HEARTBEAT_MS = 5_000;
/** How soon a browser comes back after a lost connection. */
const RETRY_MS = 2_000;
const EVENTS_PER_READ = 500;
/** Of one process; each looks into the database twice a second. */
const STREAMS: PlaceLimits = { what: 'event streams', all: 200, own: 50 };
/** A reader that takes nothing for so long is given up. */
const IDLE_MS_MAX = 60_000;

const HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  // Proxies of the nginx kind would else gather what should flow.
  'X-Accel-Buffering': 'no',
};

const toText = (event: TaskEvent): string =>
  `id: ${event.number}\nevent: ${event.type}\ndata: ${JSON.stringify(presentEvent(event))}\n\n`;

const isLast = ({ type, data }: TaskEvent): boolean =>
  type === 'task.status' && isTaskEnded(data['to'] as TaskStatus);

export interface EventStreams {
  /**
   * Sends the events of a task behind number `after` as they are stored, until the task has ended
   * or the reader leaves. The log is in the database, so that a reader who comes back with the last
   * number it saw gets every later event once, from whichever process it reaches. 204, which tells
   * a browser not to come back, when the task has ended and everything was sent before. The stream
   * also ends with the key or session that opened it.
   * @throws AppError `not_found`; `too_many_requests`.
   */
  send(taskId: number, after: number, response: Response): Promise<void>;
}

/** Tells, at most once in `ACCESS_MS`, whether the reader's key or session is still in force. */
const watchAccess = ({ locals: { isStillIn } }: Response): (() => Promise<boolean>) => {
  let seenAt = performance.now();
  return async () => {
    if (performance.now() - seenAt < ACCESS_MS) return true;
    seenAt = performance.now();
    return isStillIn?.() ?? true;
  };
};

/** @throws Error when the reader takes nothing for so long; the signal's reason. */
const drained = async (response: Response, msMax: number, left: AbortSignal): Promise<void> => {
  const signal = AbortSignal.any([left, AbortSignal.timeout(msMax)]);
  try {
    await once(response, 'drain', { signal });
  } catch (error) {
    // What was written to nobody would keep the connection open for ever.
    response.destroy();
    throw error;
  }
};

/** Writes what was read and then what comes, until the task or the access has ended. */
const follow = async (
  read: (after: number) => Promise<TaskEvent[]>,
  { first, after }: { first: TaskEvent[]; after: number },
  response: Response,
  { signal, idleMsMax }: { signal: AbortSignal; idleMsMax: number },
): Promise<void> => {
  const mayRead = watchAccess(response);
  let events = first;
  let last = after;
  let quietSince = performance.now();
  while (await mayRead()) {
    const newest = events.at(-1);
    if (newest) {
      last = newest.number;
      quietSince = performance.now();
      const isFull = !response.write(events.map(toText).join(''));
      if (isFull) await drained(response, idleMsMax, signal);
    } else if (performance.now() - quietSince >= HEARTBEAT_MS) {
      quietSince = performance.now();
      response.write(':\n\n');
    }
    if (!newest || events.length < EVENTS_PER_READ) await sleep(LOOK_MS, undefined, { signal });
    const ended = newest !== undefined && isLast(newest);
    events = await read(last);
    // An ended task moves again only when somebody retries it.
    if (ended && events.length === 0) return;
  }
};

/** Server-sent events, as the HTML standard has them. */
export const createEventStreams = ({
  taskService,
  processMetrics,
  logger,
  idleMsMax = IDLE_MS_MAX,
}: {
  taskService: Pick<TaskService, 'getTask' | 'listEvents'>;
  processMetrics: Pick<ProcessMetrics, 'eventStreams'>;
  logger: Logger;
  idleMsMax?: number;
}): EventStreams => {
  const places = createPlaces(STREAMS);

  const read = async (taskId: number, after: number): Promise<TaskEvent[]> =>
    (await taskService.listEvents(taskId, { after, limit: EVENTS_PER_READ })).items;

  const stream = async (
    taskId: number,
    first: TaskEvent[],
    after: number,
    response: Response,
  ): Promise<void> => {
    const left = new AbortController();
    response.once('close', () => left.abort());
    response.writeHead(200, HEADERS);
    response.write(`retry: ${RETRY_MS}\n\n`);
    try {
      const readOn = (last: number): Promise<TaskEvent[]> => read(taskId, last);
      await follow(readOn, { first, after }, response, { signal: left.signal, idleMsMax });
    } catch (error) {
      // The reader comes back for the rest: a task that is gone answers it then, and so does a
      // database that was away.
      if (!left.signal.aborted) logger.warn('event stream cut short', { taskId, error });
    }
    response.end();
  };

  return {
    async send(taskId, after, response) {
      const leave = places.take(holderIn(response.locals));
      processMetrics.eventStreams.inc();
      try {
        // The status first: events that come after it are then certain to be read.
        const { status } = await taskService.getTask(taskId);
        const first = await read(taskId, after);
        if (first.length === 0 && isTaskEnded(status)) response.status(204).end();
        else await stream(taskId, first, after, response);
      } finally {
        leave();
        processMetrics.eventStreams.dec();
      }
    },
  };
};

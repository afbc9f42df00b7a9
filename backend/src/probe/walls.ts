import { certain, likely, notSeen } from './asking';
import type { Probe } from './probe';
import { readWallPage, type ProbeRecord, type WallPage } from './record';

const PAGE = 100;

/** How many posts wall.get brings when nobody says. */
export const defaultWallCount: Probe = function* ({ record, survey: { walls } }) {
  const [wall] = walls.toSorted((one, other) => other.total - one.total);
  const wanted = 'a wall of more than 20 posts';
  if (!wall || wall.first.items.length <= 20) return notSeen('no such wall was read', wanted);
  const { ownerId } = wall;
  const idsOf = (page: WallPage | null): string => page?.items.map(({ id }) => id).join() ?? '';
  const left = yield* readWallPage(record, { ownerId, offset: 0, count: null });
  const twenty = yield* readWallPage(record, { ownerId, offset: 0, count: 20 });
  if (!left || !twenty) return notSeen('VK refused a page that it had shown', wanted);
  const evidence = `${left.items.length} posts without count, ${twenty.items.length} with count 20`;
  if (idsOf(left) === idsOf(twenty)) return certain(20, evidence);
  const isHundred = idsOf(left) === idsOf(wall.first);
  return isHundred ? certain(PAGE, evidence) : certain(left.items.length, evidence);
};

/** The offset that sources name as the last one. */
const CAP = 10_000;

/** Whether wall.get answers however far back. */
export const wallOffsetMax: Probe = function* ({ record, survey: { walls } }) {
  const [wall] = walls.toSorted((one, other) => other.total - one.total);
  const deepest = (wall?.total ?? 0) - PAGE;
  if (!wall || deepest <= CAP) {
    const evidence = `the longest wall has ${wall?.total ?? 0} posts`;
    return notSeen(evidence, `a wall of more than ${CAP + PAGE} posts`);
  }
  const readAt = (offset: number) =>
    readWallPage(record, { ownerId: wall.ownerId, offset, count: PAGE });
  const deep = yield* readAt(deepest);
  if (deep && deep.items.length > 0) {
    return certain(0, `posts at offset ${deepest} of ${wall.total}`);
  }
  const last = yield* readAt(CAP);
  const beyond = yield* readAt(CAP + 1);
  const evidence = `no posts at offset ${deepest} of ${wall.total}`;
  const isCap = (last?.items.length ?? 0) > 0 && (beyond?.items.length ?? 0) === 0;
  if (isCap) return certain(CAP, `${evidence} and ${CAP + 1}, posts at ${CAP}`);
  return likely('other', `${evidence}, but not because of an offset of ${CAP}`);
};

/** Full pages read for this alone, beside those that other questions bring. */
const SAMPLES_MAX = 8;
/** Places that must all hold a post before VK is said to leave none empty. */
const PLACES_MIN = 1_000;
/** Share of missing posts in every page that is more than hidden posts here and there. */
const OFTEN = 0.08;
const PAGES_MIN = 3;

const fullPages = ({ wallPages }: ProbeRecord): WallPage[] =>
  [...wallPages.values()].filter(
    ({ offset, count, total, items }) =>
      count === PAGE && offset + PAGE <= total && items.length > 0,
  );

/** How often a page in the middle of a wall holds fewer posts than it was asked for. */
export const shortPages: Probe = function* ({ record, survey: { walls } }) {
  const places = walls.flatMap(({ ownerId, total }) =>
    Array.from({ length: Math.max(0, Math.floor(total / PAGE) - 1) }, (_, index) => ({
      ownerId,
      offset: (index + 1) * PAGE,
    })),
  );
  const samples = places.toSorted((one, other) => one.offset - other.offset).slice(0, SAMPLES_MAX);
  for (const sample of samples) yield* readWallPage(record, { ...sample, count: PAGE });
  const pages = fullPages(record);
  const missing = pages.map(({ items }) => PAGE - items.length);
  const short = missing.filter((count) => count > 0).length;
  const sum = missing.reduce((one, other) => one + other, 0);
  const evidence = `${pages.length} pages of ${PAGE} places: ${short} short, by ${sum} in all`;
  if (pages.length >= PAGES_MIN && missing.every((count) => count >= PAGE * OFTEN)) {
    return likely('often', evidence);
  }
  if (short > 0 && pages.length >= PAGES_MIN) return certain('hidden', evidence);
  if (short === 0 && pages.length * PAGE >= PLACES_MIN) return likely('never', evidence);
  return notSeen(evidence, `walls with ${PLACES_MIN / PAGE} full pages`);
};

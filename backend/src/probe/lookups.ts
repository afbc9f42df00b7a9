import { isObject, toArray, toInteger, toObjects } from '../services/collecting/vkFields';
import { certain, describeRefusal, likely, notSeen, type Answer, type Asking } from './asking';
import type { Probe } from './probe';
import { objectOf } from './record';

/** Above every number that VK has given out, below the numbers of chats. */
const UNKNOWN_ID = 1_999_999_937;

/** Long and odd enough that nobody has taken it; within the 32 characters of a short name. */
const UNKNOWN_NAME = 'stenograf_probe_of_nobody_7q3xk';

const groupsIn = (response: unknown) =>
  toObjects(toArray(isObject(response) ? response.groups : response));

/** What groups.getById makes of a number that no community has, beside one that there is. */
export const unknownGroup: Probe = function* ({ survey: { knownCommunityId: known } }) {
  if (known === null) return notSeen('no community is known', 'a community that exists');
  const answer = yield {
    method: 'groups.getById',
    params: { group_ids: `${known},${UNKNOWN_ID}` },
  };
  const asked = 'a community and an unknown number';
  if (!answer.ok) {
    const evidence = `${asked}: ${describeRefusal(answer)}`;
    return certain(answer.code === 100 ? '100' : describeRefusal(answer), evidence);
  }
  const groups = groupsIn(answer.response);
  const unknown = groups.find(({ id }) => toInteger(id) === UNKNOWN_ID);
  if (!groups.some(({ id }) => toInteger(id) === known)) {
    return notSeen(`${asked}: neither came`, 'a community that exists');
  }
  if (!unknown) return certain('dropped', `${asked}: the community alone`);
  const isGone = typeof unknown.deactivated === 'string';
  return certain(isGone ? 'deactivated' : 'shown', `${asked}: both came`);
};

/** What users.get says when it finds nobody. */
export const unknownUsers: Probe = function* () {
  const answer = yield { method: 'users.get', params: { user_ids: UNKNOWN_ID } };
  const asked = 'an unknown number alone';
  if (!answer.ok) {
    const evidence = `${asked}: ${describeRefusal(answer)}`;
    return certain(answer.code === 113 ? '113' : describeRefusal(answer), evidence);
  }
  const users = toArray(answer.response);
  if (users.length === 0) return certain('empty', `${asked}: an empty list`);
  return certain('shown', `${asked}: somebody came`);
};

/** What utils.resolveScreenName says of a name that nobody has. */
export const unknownName: Probe = function* () {
  const answer = yield {
    method: 'utils.resolveScreenName',
    params: { screen_name: UNKNOWN_NAME },
  };
  const asked = 'a name that nobody has';
  if (!answer.ok) {
    const evidence = `${asked}: ${describeRefusal(answer)}`;
    return certain(answer.code === 104 ? '104' : describeRefusal(answer), evidence);
  }
  if (toInteger(objectOf(answer).object_id) !== null) {
    return notSeen('somebody has taken the name that nobody had', 'another name');
  }
  return certain('empty', `${asked}: nothing`);
};

const FIRST_MINOR = 131;

const versionOf = (minor: number): string => `5.${minor}`;

const isBare = (answer: Answer): boolean | null =>
  answer.ok ? Array.isArray(answer.response) : null;

/** The first version that answers with an object, by halving; null where VK refuses one. */
function* firstWithObject(
  ask: (version: string) => { method: string; params: Record<string, string | number> },
  lastMinor: number,
): Asking<number | null> {
  const test = function* (minor: number): Asking<boolean | null> {
    return isBare(yield { ...ask(versionOf(minor)), version: versionOf(minor) });
  };
  if (!(yield* test(FIRST_MINOR)) || (yield* test(lastMinor)) !== false) return null;
  let bare = FIRST_MINOR;
  let first = lastMinor;
  while (first - bare > 1) {
    const middle = Math.floor((bare + first) / 2);
    const answered = yield* test(middle);
    if (answered === null) return null;
    if (answered) bare = middle;
    else first = middle;
  }
  return first;
}

/** Since which version groups.getById and wall.getById answer with objects, not with lists. */
export const objectsSince: Probe = function* ({ survey: { knownCommunityId, posts }, apiVersion }) {
  const wanted = 'a community that exists, and VK_API_VERSION after the change';
  if (knownCommunityId === null) return notSeen('no community is known', wanted);
  const lastMinor = Number(apiVersion.split('.')[1]);
  const askGroup = () => ({
    method: 'groups.getById',
    params: { group_ids: knownCommunityId },
  });
  const first = yield* firstWithObject(askGroup, lastMinor);
  if (first === null) {
    return notSeen(`no change between ${versionOf(FIRST_MINOR)} and ${apiVersion}`, wanted);
  }
  const found = versionOf(first);
  const evidence = `groups.getById: a list up to ${versionOf(first - 1)}, an object since ${found}`;
  const [post] = posts;
  if (!post) return likely(found, `${evidence}; wall.getById was not asked`);
  const bare: (boolean | null)[] = [];
  for (const minor of [first - 1, first]) {
    const params = { posts: `${post.ownerId}_${post.id}` };
    bare.push(isBare(yield { method: 'wall.getById', params, version: versionOf(minor) }));
  }
  const agrees = bare[0] === true && bare[1] === false;
  if (agrees) return certain(found, `${evidence}; wall.getById the same`);
  return likely(`${found} for groups.getById alone`, `${evidence}; wall.getById otherwise`);
};

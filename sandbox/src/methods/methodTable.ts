import { groupsGetById } from './groupsGetById';
import type { Method } from './method';
import { usersGet } from './usersGet';
import { utilsGetServerTime } from './utilsGetServerTime';
import { utilsResolveScreenName } from './utilsResolveScreenName';
import { wallGet } from './wallGet';
import { wallGetById } from './wallGetById';
import { wallGetComment } from './wallGetComment';
import { wallGetComments } from './wallGetComments';
import { wallSearch } from './wallSearch';

/** Every method but `execute`, which carries calls of these. Names are case sensitive, as VK's. */
export const METHODS: ReadonlyMap<string, Method> = new Map([
  ['groups.getById', groupsGetById],
  ['users.get', usersGet],
  ['utils.getServerTime', utilsGetServerTime],
  ['utils.resolveScreenName', utilsResolveScreenName],
  ['wall.get', wallGet],
  ['wall.getById', wallGetById],
  ['wall.getComment', wallGetComment],
  ['wall.getComments', wallGetComments],
  ['wall.search', wallSearch],
]);

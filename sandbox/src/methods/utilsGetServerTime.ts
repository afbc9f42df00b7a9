import { EVERY_KIND, type Method } from './method';

export const utilsGetServerTime: Method = {
  kinds: EVERY_KIND,
  run: ({ now }): number => Math.floor(now() / 1_000),
};

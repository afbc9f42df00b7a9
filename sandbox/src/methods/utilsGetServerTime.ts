import { EVERY_KIND, type Method } from './method';

export const utilsGetServerTime: Method = {
  kinds: EVERY_KIND,
  run: (): number => Math.floor(Date.now() / 1_000),
};

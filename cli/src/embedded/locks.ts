import { join } from 'node:path';

/**
 * The lock files of a home. `setup` is held while services are started or stopped, `use` is shared
 * by all who use them, `reaper` is held by the one process that stops them after their last user
 * was killed. Who wants both takes `setup` before `use`.
 */
export const locksOf = (home: string) => ({
  setup: join(home, 'setup.lock'),
  use: join(home, 'use.lock'),
  reaper: join(home, 'reaper.lock'),
});

import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedServices } from '../../src/embedded/embeddedServices';

export interface TestHome {
  path: string;
  remove(): Promise<void>;
}

/** An empty STENOGRAF_HOME that root's services can enter too. */
export const makeHome = async (): Promise<TestHome> => {
  const path = await mkdtemp(join(tmpdir(), 'stenograf-cli-'));
  await chmod(path, 0o711);
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
};

/** A home whose services keep running between commands, which spares each of them the start. */
export const makeWarmHome = async (): Promise<TestHome> => {
  const { path, remove } = await makeHome();
  const services = await startEmbeddedServices({
    home: path,
    log: () => undefined,
    needPostgres: true,
    needRedis: true,
    forTests: true,
  });
  return {
    path,
    remove: async () => {
      await services.release();
      await remove();
    },
  };
};

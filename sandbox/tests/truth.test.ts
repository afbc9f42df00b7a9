import { afterEach, describe, expect, test } from 'bun:test';
import type { Sandbox } from '../src/createSandbox';
import { startSandbox } from './support/client';
import { readPlainly } from './support/plainReader';

let sandbox: Sandbox | undefined;
afterEach(async () => {
  await sandbox?.stop();
  sandbox = undefined;
});

type Keyed = { owner_id?: unknown; id?: unknown };

const byKey = (rows: readonly Keyed[]): Keyed[] => {
  const key = ({ owner_id: ownerId, id }: Keyed): string => `${String(ownerId)} ${String(id)}`;
  return rows.toSorted((one, other) => key(one).localeCompare(key(other)));
};

const READABLE = { tiny: [1, 2, 3], quirks: [1, 2, 3, 4, 5, 6] } as const;

describe('the list of what must be collected', () => {
  for (const world of ['tiny', 'quirks'] as const) {
    for (const inlineOrder of ['oldest', 'newest'] as const) {
      test(`${world}, inline ${inlineOrder}: a plain reading with a service key finds exactly it`, async () => {
        sandbox = await startSandbox({ world, switches: { inlineOrder } });
        const truth = sandbox.truth();
        const reading = await readPlainly(sandbox, READABLE[world], 'service-fast');
        expect(byKey(reading.posts)).toEqual(byKey(truth.posts));
        expect(byKey(reading.comments)).toEqual(byKey(truth.comments));
        expect(byKey(reading.authors)).toEqual(byKey(truth.authors));
        expect(byKey(reading.communities)).toEqual(byKey(truth.communities));
      });
    }
  }

  test('no reading needs fewer calls than the fewest', async () => {
    sandbox = await startSandbox({ world: 'tiny' });
    const reading = await readPlainly(sandbox, READABLE.tiny, 'user-fast');
    const { fewest } = sandbox.truth();
    expect(reading.calls).toBe(fewest.total);
    expect(sandbox.stats().callsByMethod).toMatchObject({ ...fewest.byMethod });
  });

  test('two walls with equal ids hold different words', async () => {
    sandbox = await startSandbox({ world: 'tiny' });
    const { posts, comments } = sandbox.truth();
    const idsOf = (ownerId: number) =>
      [...posts, ...comments].filter((row) => row.owner_id === ownerId).map(({ id }) => id);
    const textsOf = (ownerId: number) =>
      comments.filter((row) => row.owner_id === ownerId).map(({ text }) => text);
    expect(idsOf(-1)).toEqual(idsOf(-2));
    expect(textsOf(-1)).not.toEqual(textsOf(-2));
  });
});

import { afterAll, beforeAll, expect, test } from 'bun:test';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ErasureDto } from '@stenograf/contracts/access';
import type { CommentRecord, ExportRecord, PostRecord } from '@stenograf/contracts/exportRecords';
import { createSandbox, type Sandbox } from '@stenograf/sandbox';
import { runCli, startCli, type CliProcess, type CliResult } from '../support/cli';
import { makeWarmHome, type TestHome } from '../support/home';

const RPS = 50;
const TOKEN = 'FAKE-cli-authors-token-1111';

let home: TestHome;
let sandbox: Sandbox;
let service: CliProcess;

beforeAll(async () => {
  home = await makeWarmHome();
  sandbox = await createSandbox({
    world: 'tiny',
    tokens: [{ token: TOKEN, kind: 'user', rps: RPS }],
  });
  const settings = { VK_API_URL: sandbox.url, VK_TOKENS: TOKEN, VK_USER_RPS: String(RPS) };
  service = startCli(['serve', '--port', '0', '--json'], {
    env: { STENOGRAF_HOME: home.path, ...settings },
  });
  await service.waitForText('"url"');
}, 60_000);
afterAll(async () => {
  service.kill('SIGKILL');
  await service.ended;
  await sandbox.stop();
  await home.remove();
});

const run = (...args: string[]): Promise<CliResult> =>
  runCli(args, { env: { STENOGRAF_HOME: home.path } });

const erase = (id: number, ...options: string[]): Promise<CliResult> =>
  run('authors', 'erase', String(id), ...options);
const erasureIn = ({ stdout }: CliResult): ErasureDto =>
  (JSON.parse(stdout) as { erasure: ErasureDto }).erasure;

/** Everything that is stored of the wall after it was collected. */
const collect = async (name: string): Promise<ExportRecord[]> => {
  const file = join(home.path, `${name}.ndjson`);
  expect((await run('collect', 'club1', '--out', file)).exitCode).toBe(0);
  return (await readFile(file, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as ExportRecord);
};

const written = (records: ExportRecord[]): (PostRecord | CommentRecord)[] =>
  records.filter((record) => record.kind === 'post' || record.kind === 'comment');

const idsOf = (records: { id: number }[]): number[] =>
  records.map(({ id }) => id).sort((a, b) => a - b);

/** Whoever wrote most of it. */
const findWriter = (records: ExportRecord[]): number => {
  const ids = written(records).flatMap(({ from_id: id }) => (id !== null && id > 0 ? [id] : []));
  const counts = [...Map.groupBy(ids, (id) => id)].map(([id, all]) => ({ id, count: all.length }));
  return counts.sort((a, b) => b.count - a.count)[0]?.id ?? 0;
};

test('a person is erased after a preview, only when told so, and does not come back', async () => {
  const before = await collect('before');
  const person = findWriter(before);
  const own = written(before).filter(({ from_id: id }) => id === person);
  expect(own.length).toBeGreaterThan(0);

  const [preview, asJson] = await Promise.all([erase(person), erase(person, '--json')]);
  expect([preview.exitCode, asJson.exitCode]).toEqual([0, 0]);
  expect(preview.stderr).toContain('Nothing has been changed.');
  expect(preview.stderr).toContain(`stenograf authors erase ${person} --yes`);
  const planned = erasureIn(asJson);
  expect(planned).toMatchObject({ id: person, erased_at: null, names: 1 });
  expect(planned.posts + planned.comments).toBe(own.length);
  expect(preview.stdout).toContain(`comments ${planned.comments}`);
  expect(erasureIn(await erase(person, '--json'))).toEqual(planned);

  const erased = await erase(person, '--yes', '--json');
  expect(erased.exitCode).toBe(0);
  expect(erased.stderr).toContain(`Person ${person} is erased`);
  expect(erasureIn(erased)).toEqual({ ...planned, erased_at: expect.any(String) as string });
  const left = erasureIn(await erase(person, '--json'));
  expect(left).toMatchObject({ names: 0, posts: 0, comments: 0, mentions: 0 });
  expect(left.erased_at).not.toBeNull();

  const after = await collect('after');
  expect(JSON.stringify(after)).not.toMatch(new RegExp(`\\b${person}\\b`));
  expect(written(after)).toHaveLength(written(before).length);
  const nodes = written(after).filter(({ erased_at: at }) => at !== null);
  expect(idsOf(nodes)).toEqual(idsOf(own));
  for (const { from_id: id, text } of nodes) expect([id, text]).toEqual([null, '']);
}, 60_000);

test('what is no number of a person ends with 2', async () => {
  for (const id of ['anna', '0', '1.5']) {
    const { exitCode, stdout, stderr } = await run('authors', 'erase', id, '--yes');
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain('is not the number of a person on VK');
  }
});

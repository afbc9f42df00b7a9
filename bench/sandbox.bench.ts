import { startChildProcess } from './support/childProcess';
import { readCpuSeconds } from './support/cpuSeconds';
import { sendAll, type Served } from './support/load';
import { median, report } from './support/report';
import { startSandboxProcess } from './support/sandboxProcess';
import { DEMO } from './support/worlds';

/**
 * What the sandbox serves with one core, so that it is never what another benchmark measures: full
 * packs of 25 pages of comments, as the collecting asks for them, and single pages. Beside it a bare
 * HTTP server sends the same bytes. Time is the processor time of the serving process, so that neither
 * the asking nor what else the machine does counts.
 */
const COMMENTS_PER_SECOND = 50_000;
const CALLS = 25;
const ROUNDS = 7;
/** Until code and caches are warm. */
const ROUNDS_IGNORED = 2;
const CONNECTIONS = 2;
const NO_LIMIT = 1_000_000;

interface Page {
  items: { thread?: { items: unknown[] } }[];
}

const startBareServer = async (body: string) => {
  const child = startChildProcess('bareServerMain.ts');
  const url = await child.readLine();
  await (await fetch(url, { method: 'POST', body })).arrayBuffer();
  return { child, url };
};

/** Processor seconds of one request, the median of the rounds. */
const measure = async (served: Served, requests: number): Promise<number> => {
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const before = await readCpuSeconds(served.pid);
    await sendAll(served, requests, CONNECTIONS);
    const seconds = (await readCpuSeconds(served.pid)) - before;
    if (round >= ROUNDS_IGNORED) rounds.push(seconds / requests);
  }
  return median(rounds);
};

const sandbox = await startSandboxProcess('demo', NO_LIMIT);
const { posts } = await sandbox.readTruth(DEMO);
const longest = posts
  .toSorted((one, other) => other.comments_stored - one.comments_stored)
  .slice(0, CALLS)
  .map(({ owner_id, id }) => ({
    owner_id,
    post_id: id,
    count: 100,
    sort: 'asc',
    need_likes: 1,
    preview_length: 0,
    thread_items_count: 10,
    extended: 1,
  }));

const ask = (method: string, params: object, encoding = 'identity'): Promise<Response> =>
  fetch(`${sandbox.url}/${method}`, {
    method: 'POST',
    headers: { 'accept-encoding': encoding },
    body: new URLSearchParams({
      ...Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)])),
      access_token: sandbox.token,
      v: '5.199',
      lang: 'ru',
    }),
  });

const calls = longest.map((params) => `API.wall.getComments(${JSON.stringify(params)})`);
const pack = { code: `return [${calls.join(',')}];` };

const countComments = (pages: readonly Page[]): number =>
  pages
    .flatMap(({ items }) => items)
    .reduce((sum, { thread }) => sum + 1 + (thread?.items.length ?? 0), 0);

const packed = await (await ask('execute', pack)).text();
const single = await (await ask('wall.getComments', longest[0] ?? {})).text();
const inPack = countComments((JSON.parse(packed) as { response: Page[] }).response);
const inSingle = countComments([(JSON.parse(single) as { response: Page }).response]);

const besideBare = async (body: string, send: () => Promise<Response>, requests: number) => {
  const bare = await startBareServer(body);
  const ours = await measure({ pid: sandbox.pid, send }, requests);
  const theirs = await measure(
    { pid: bare.child.pid, send: () => fetch(bare.url, { method: 'POST', body: 'x' }) },
    requests,
  );
  await bare.child.kill();
  return { seconds: ours, ratio: theirs / ours };
};

const packs = await besideBare(packed, () => ask('execute', pack), 60);
const singles = await besideBare(single, () => ask('wall.getComments', longest[0] ?? {}), 600);
const zipped = await measure({ pid: sandbox.pid, send: () => ask('execute', pack, 'gzip') }, 60);
await sandbox.stop();

await report('Sandbox', [
  {
    what: 'comments served per second of one core, in full packs',
    value: inPack / packs.seconds,
    atLeast: COMMENTS_PER_SECOND,
  },
  { what: 'the same ÷ a bare HTTP server with the same bytes', value: packs.ratio },
  {
    what: 'comments served per second of one core, page by page',
    value: inSingle / singles.seconds,
    atLeast: COMMENTS_PER_SECOND,
  },
  { what: 'the same ÷ a bare HTTP server with the same bytes, page by page', value: singles.ratio },
  { what: 'comments served per second of one core, packs compressed', value: inPack / zipped },
]);

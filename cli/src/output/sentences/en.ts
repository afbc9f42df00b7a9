import type { ErasureDto } from '@stenograf/contracts/access';

/**
 * What the CLI itself says, in English; `ru` has the same shape. `cli` is the command as the reader
 * types it, so that what is suggested can be pasted.
 */
export const en = {
  // what was typed
  noReferences: 'There is no community to collect: name one, or give a list with at least one.',
  tooManyReferences: (count: string, max: string) =>
    `That is ${count} communities; one task takes at most ${max}. Split the list.`,
  tokenAsReference: (place: number) =>
    `Number ${place} of what was named is a VK token, not a community; nothing was sent or kept. ` +
    'Add it with “stenograf tokens add”. If it was typed here, the history of the shell has it now.',
  stdinIsTerminal: 'Reading communities from the terminal, one a line; Ctrl-D ends the list.',
  notANumber: (option: string, value: string, min: number, max: number | null) =>
    `${option} takes a whole number ${max === null ? `from ${min}` : `from ${min} to ${max}`}, ` +
    `not “${value}”.`,
  notPosts: (value: string) => `--posts takes a number or “all”, not “${value}”.`,
  notADuration: (option: string, value: string) =>
    `${option} takes a time such as 30s, 10m or 2h, not “${value}”.`,
  notADate: (option: string, value: string) =>
    `${option} takes a date such as 2026-01-31 or an age such as 30d, not “${value}”.`,
  notATaskId: (value: string) => `“${value}” is not the number of a task.`,
  notExportKind: (value: string, kinds: string) =>
    `“${value}” cannot be exported; choose one of: ${kinds}.`,
  // files
  outNoExtension: (file: string, names: string) =>
    `${file} has no ending to tell the format by; there are ${names}.`,
  outUnknown: (extension: string, names: string) =>
    `.${extension} is not a format that Stenograf knows; there are ${names}.`,
  outNoDirectory: (directory: string) => `The folder ${directory} does not exist.`,
  outNotWritable: (directory: string) => `The folder ${directory} cannot be written to.`,
  outIsDirectory: (file: string) => `${file} is a folder, not a file.`,
  outFailed: (file: string, why: string) => `${file} could not be written: ${why}`,
  outWritten: (file: string, details: string) => `${file}: ${details}`,
  outNothing: (file: string) => `${file} was not written: nothing could be read.`,
  outLater: (file: string, command: string) =>
    `${file} is not written yet. When the task has ended: ${command}`,
  // the way to the service
  serverNeedsKey: (url: string) =>
    `${url} needs a key: set STENOGRAF_API_KEY to one of its API keys.`,
  badServerUrl: (value: string) => `“${value}” is not an http(s) address.`,
  unreachable: (url: string, why: string) => `Stenograf could not be reached at ${url}: ${why}.`,
  refused: 'connection refused',
  nameUnknown: 'the name is not known',
  timedOut: 'no answer in time',
  notStenograf: (url: string, status: number) =>
    `What answers at ${url} is not Stenograf (HTTP ${status}).`,
  keyRefused: (url: string, detail: string) => `${url} refuses the key: ${detail}`,
  connectionLost: 'The connection to the service is lost; trying again…',
  connectionBack: 'The service answers again.',
  detachNeedsService: (cli: string) =>
    '--detach leaves the work to a running service, and none is running. ' +
    `Start one with “${cli} serve”, or leave out --detach.`,
  settingsDiffer: (names: string, url: string) =>
    `The service at ${url} runs with other settings than are set here (${names}), and would do ` +
    `the work with its own. Stop it, unset them here, or use another STENOGRAF_HOME.`,
  alreadyServing: (url: string, pid: number) =>
    `Stenograf is already served from this folder at ${url} (process ${pid}).`,
  noTokens: (cli: string) =>
    'There is no VK token, so nothing can be collected.\n' +
    '  A service key is enough for open communities and never expires: create an app at\n' +
    '  https://dev.vk.com, open its settings and copy the “service key”. Then either keep it\n' +
    '  encrypted with the collected data, where tasks that wait for a token find it at once:\n\n' +
    `    ${cli} tokens add --kind service\n\n` +
    '  or set it for the processes that you start:\n\n' +
    '    export VK_TOKENS=service:PASTE_THE_KEY_HERE\n\n' +
    '  A user token (--kind user, VK_TOKENS=user:…) packs 25 calls into a request and is several\n' +
    `  times faster, but may live for an hour only. To look around without a token: ${cli} demo`,
  starting: 'Starting Stenograf…',
  stopping: 'Stopping…',
  // tasks
  status: {
    queued: 'queued',
    running: 'collecting',
    waiting: 'waiting',
    pausing: 'pausing',
    paused: 'paused',
    cancelling: 'being cancelled',
    cancelled: 'cancelled',
    completed: 'complete',
    partial: 'partial',
    failed: 'failed',
  },
  waitingFor: {
    quota: "waiting for VK's quota",
    token: 'waiting for a token that VK accepts',
    captcha: 'waiting for a captcha to be passed',
  },
  task: (id: number) => `Task ${id}`,
  noTasks: (cli: string) => `There are no tasks yet. Start one with: ${cli} collect COMMUNITY`,
  detached: (cli: string, id: number) =>
    `Task ${id} is with the service. Follow it with: ${cli} tasks watch ${id}`,
  interruptedPaused: (cli: string, id: number) =>
    `Task ${id} is paused; all it has read is kept. Go on with: ${cli} tasks resume ${id}`,
  interruptedWatching: (cli: string, id: number) =>
    `No longer watching task ${id}. Look again with: ${cli} tasks watch ${id}`,
  waitedEnough: (cli: string, id: number, duration: string) =>
    `Task ${id} has been waiting for ${duration}. Go on later with: ${cli} tasks watch ${id}`,
  noTokenWillCome: (cli: string) =>
    `VK accepts none of the tokens; “${cli} tokens” says why. Add one that works ` +
    `(${cli} tokens add, or VK_TOKENS), or put one right; then: `,
  addTokenElsewhere: (cli: string) =>
    `Waiting for a token that VK accepts. Add one in another terminal: ${cli} tokens add`,
  passCaptcha: 'VK asks for a captcha. Open VK with the account of the token and pass it.',
  captchaWillNotCome:
    'VK asks for a captcha. Open VK with the account of the token, pass it; then: ',
  watchCommand: (cli: string, id: number) => `${cli} tasks watch ${id}`,
  more: (count: string, parts: string) => `… and ${count} more: ${parts}`,
  total: 'total',
  perSecond: (rate: string) => `${rate} requests/s`,
  in: 'in',
  notRead: 'Not read',
  partlyRead: 'Read in part',
  rows: {
    communities: 'communities',
    posts: 'posts',
    comments: 'comments',
    replies: 'replies',
    authors: 'authors',
    rows: 'rows',
    calls: 'calls',
    requests: 'requests',
    time: 'time',
    data: 'data',
    errors: 'VK errors',
    ledger: 'ledger',
  },
  readOf: (read: string, total: string) => `${read} of ${total} read`,
  rowChanges: (added: string, changed: string, deleted: string) =>
    `${added} new, ${changed} changed, ${deleted} marked as deleted`,
  callsInRequests: (perRequest: string) => `${perRequest} calls a request`,
  errors: (count: string) => `${count}, each retried or accounted for`,
  ledger: (count: Record<'vk_count' | 'stored' | 'stubs' | 'vanished' | 'unlisted', string>) =>
    `VK counts ${count.vk_count}: ${count.stored} read (${count.stubs} deleted, as stubs), ` +
    `${count.vanished} of them vanished meanwhile, ${count.unlisted} unlisted`,
  unlisted: (count: string) =>
    `VK's own counters name ${count} more than its lists showed, also when looked at twice.`,
  columns: {
    id: 'ID',
    status: 'STATUS',
    communities: 'COMMUNITIES',
    posts: 'POSTS',
    comments: 'COMMENTS',
    created: 'CREATED',
    name: 'NAME',
  },
  plan: {
    asking: 'Asking VK what it would take; nothing is collected…',
    title: 'What the task would take',
    sampled: (usable: string, sampled: string) => `${usable}, of which ${sampled} were looked at`,
    about: (length: string) => `about ${length}`,
    columns: { method: 'METHOD', calls: 'CALLS', left: 'LEFT TODAY', share: 'SHARE' },
    overQuota: (methods: string) =>
      `More calls than are left today (${methods}): the task would wait, and go on by itself.`,
    wouldFail: 'Would fail',
  },
  // tokens
  tokenAsArgument:
    'A token is never typed as an argument: arguments show in the list of processes and stay in ' +
    'the history of the shell. Leave it out and paste it when asked, or send it to standard input.',
  tokenPrompt: 'Paste the VK token, which is not shown: ',
  noTokenGiven: 'There is no token on standard input.',
  manyTokensGiven: 'That is more than one line; add one token at a time.',
  notATokenKind: (value: string, kinds: string) =>
    `“${value}” is no kind of token; choose one of: ${kinds}.`,
  notATokenId: (value: string) => `“${value}” is not the number of a token.`,
  noStoredTokens: (cli: string) => `There are no tokens yet. Add one with: ${cli} tokens add`,
  tokenAdded: (cli: string, id: number, last4: string) =>
    `Token ••••${last4} is added as number ${id}. Ask VK what it may do: ${cli} tokens check ${id}`,
  tokenRemoved: (id: number) =>
    `Token ${id} is removed. Workers stop using it within a second or so; requests that are on ` +
    'their way end.',
  tokensRotated: (rotated: number) =>
    rotated === 0
      ? 'All tokens were under the current secret already.'
      : `Tokens encrypted anew: ${rotated}`,
  tokensUnreadable: (count: number) =>
    `Tokens that no secret here can read: ${count}. Set the secret that they are under as ` +
    'STENOGRAF_SECRET_PREVIOUS and rotate again, or remove them.',
  noQuotas: 'No call was counted yet.',
  tokenStatus: {
    ready: 'ready',
    waiting: 'waiting',
    captcha: 'captcha',
    quarantined: 'quarantined',
    unreadable: 'unreadable',
  },
  tokenColumns: {
    id: 'ID',
    kind: 'KIND',
    name: 'NAME',
    token: 'TOKEN',
    status: 'STATUS',
    advice: 'WHAT TO DO',
  },
  quotaColumns: {
    token: 'TOKEN',
    method: 'METHOD',
    used: 'USED 24 H',
    cap: 'CAP',
    left: 'LEFT',
    pace: 'PER HOUR',
    forecast: 'FORECAST',
  },
  noCap: 'no limit known',
  lastsDay: 'lasts for a day at this pace',
  usedUpAt: (time: string) => `used up at ${time}`,
  restsUntil: (time: string) => `rests until ${time}`,
  triedAgainAt: (time: string) => `Tried again by itself at ${time}.`,
  namedLast: (time: string) => `Last named in VK_TOKENS at ${time}.`,
  methodColumns: { method: 'METHOD', answer: 'ANSWER', why: 'WHY' },
  methodAnswers: { yes: 'yes', no: 'no', unknown: 'not known' },
  // serve, worker, sandbox, migrate
  serving: (url: string) => `Stenograf listens at ${url}`,
  firstKey: (key: string) =>
    `API key, shown this once: ${key}\n  Send it as “Authorization: Bearer …”.`,
  servingWithoutWorker: (cli: string) =>
    `This process collects nothing; start “${cli} worker” beside it.`,
  servingWithoutTokens: (cli: string) =>
    `There is no VK token: tasks will wait for one. Add it with: ${cli} tokens add`,
  stopHint: 'Ctrl-C stops it.',
  workerRuns: 'The worker takes tasks now.',
  sandboxListens: (url: string) => `The sandbox answers as VK at ${url}`,
  sandboxTokens: 'Try it with:',
  migrated: (names: string) => `Applied: ${names}`,
  upToDate: 'The database is up to date.',
  migrateNeedsDatabase:
    'DATABASE_URL is not set. The embedded database is migrated by itself at every start.',
  portTaken: (port: string) =>
    `Port ${port} is taken by another process; choose another by --port.`,
  notASwitch: (name: string, names: string) =>
    `The sandbox has no switch “${name}”; it has: ${names}.`,
  notASwitchValue: (name: string, value: string, values: string) =>
    `“${value}” is no value of ${name}; choose one of: ${values}.`,
  notSwitches: (value: string) =>
    `--switches takes name=value,… or the JSON file of a probe, not “${value}”.`,
  badFaults: (why: string) => `--faults cannot be read: ${why}.`,
  // probe
  probeAsking: (max: number) =>
    `Asking VK what its documents leave open: reading only, fewer than ${max} requests.`,
  probeTooMany: (max: number) => `A probe looks at ${max} communities at most.`,
  probeNotCommunity: (line: string) => `“${line}” names no community.`,
  probeNotDeletedLink: (link: string) =>
    `--deleted takes links to posts and comments such as wall-1_2?reply=3, not “${link}”.`,
  probeNeedsToken:
    'A probe asks with the tokens of VK_TOKENS alone: set it to a user token or a service key, as in ' +
    'VK_TOKENS=user:…,service:…',
  probeStates: { not_seen: 'not seen', not_asked: 'not asked' },
  probeLikely: 'likely',
  probeColumns: { point: 'POINT', answer: 'ANSWER', why: 'WHAT WAS SEEN, OR WHAT IT WOULD TAKE' },
  probeSummary: (seen: number, points: number, requests: string) =>
    `${seen} of ${points} points seen, ${requests}.`,
  probeEndedEarly: {
    calls: 'The requests of one run are used up; name fewer communities.',
    token: 'VK does not accept the token; the rest was not asked.',
    captcha: 'VK asks for a captcha; pass it with the account of the token, then try again.',
    unreachable: 'VK does not answer; the rest was not asked.',
  },
  probeWritten: (file: string, cli: string) =>
    `${file} names nobody and quotes nothing. Try it: ${cli} sandbox --switches ${file}`,
  erasure: {
    notAPerson: (value: string) => `“${value}” is not the number of a person on VK.`,
    counts: (erasure: ErasureDto) => [
      `names ${erasure.names}, posts ${erasure.posts}, comments ${erasure.comments}`,
      `named by others ${erasure.mentions}, in tasks ${erasure.task_links}, in events ${erasure.events}`,
    ],
    confirm: (cli: string, id: number) =>
      `Nothing has been changed. To erase it for good: ${cli} authors erase ${id} --yes`,
    done: (id: number) => `Person ${id} is erased, and nothing of them will be collected again.`,
  },
  // keys and users
  access: {
    notAKeyId: (value: string) => `“${value}” is not the number of a key.`,
    noUser: (name: string) => `There is no user “${name}”.`,
    keyOnce: 'The key is shown this once; it is stored as its hash alone.',
    keyRevoked: (id: number) => `Key ${id} is revoked.`,
    linkNeedsService: (cli: string) =>
      `A link leads to a running service, and none is running. Start one with “${cli} serve”.`,
    userAdded: (cli: string, name: string) =>
      `${name} is added. Let them in with: ${cli} users link ${name}`,
    linkOnce: 'The link signs in once, within 15 minutes.',
    signIn: (link: string) => `Sign in once, within 15 minutes: ${link}`,
    passwordPrompt: 'New password: ',
    noPassword: 'No password was given.',
    passwordSet: (name: string) => `${name} has a new password and is signed out everywhere.`,
    userStates: {
      ready: 'may sign in',
      noPassword: 'by link, no password yet',
      disabled: 'disabled',
    },
    columns: {
      id: 'ID',
      key: 'KEY',
      scope: 'SCOPE',
      created: 'CREATED',
      used: 'USED',
      ends: 'ENDS',
      name: 'NAME',
      user: 'USER',
      role: 'ROLE',
      state: 'STATE',
      signedIn: 'SIGNED IN',
    },
  },
  // search
  search: {
    nothing: 'Nothing was found.',
    more: 'There is more; --limit shows it.',
    nobody: 'author unknown',
  },
  // demo
  demoIntro: 'Invented communities on a stand-in for VK; your own data is not touched.',
  demoComplete: (posts: string, allPosts: string, comments: string, allComments: string) =>
    `complete: ${posts} of ${allPosts} posts, ${comments} of ${allComments} comments, ` +
    `as the sandbox counts them`,
  demoIncomplete: (posts: string, allPosts: string, comments: string, allComments: string) =>
    `INCOMPLETE: ${posts} of ${allPosts} posts, ${comments} of ${allComments} comments, ` +
    `as the sandbox counts them`,
  demoViolations: (count: number) =>
    count === 0
      ? 'within the limits: the sandbox saw no request too many'
      : `BEYOND THE LIMITS: requests too many, as the sandbox saw them: ${count}`,
  demoInterrupted: (home: string) =>
    `The demo is interrupted; what it has read stays in ${home} for the next one.`,
  fewestCalls: (calls: string) => `${calls} are the fewest possible`,
  demoNext: 'Next',
  demoExport: 'all of it into a file:',
  demoReal: 'a real community, with a key of your own:',
  demoServing: (url: string) => `The demo goes on at ${url} until Ctrl-C.`,
  demoKey: (key: string) => `API key: ${key}`,
  demoTry: 'Try:',
  demoDidNotEnd: 'The demo did not collect everything; this is a fault of Stenograf.',
  // at the top
  unexpected: 'Stenograf failed unexpectedly',
  debugHint: 'STENOGRAF_DEBUG=1 shows where.',
  seeHelp: (command: string) => `See: ${command} --help`,
};

export type Sentences = typeof en;

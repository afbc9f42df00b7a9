import type { Sentences } from './en';

/** What the CLI itself says, in Russian. */
export const ru: Sentences = {
  noReferences: 'Нечего собирать: назовите хотя бы одно сообщество или дайте непустой список.',
  tooManyReferences: (count, max) =>
    `Сообществ ${count}, а задание принимает не больше ${max}. Разделите список.`,
  tokenAsReference: (place) =>
    `Под номером ${place} дано не сообщество, а токен ВКонтакте; он никуда не отправлен и не сохранён. ` +
    'Добавьте его командой «stenograf tokens add». Если он введён здесь, он остался в истории оболочки.',
  stdinIsTerminal: 'Вводите сообщества, по одному в строке; Ctrl-D заканчивает список.',
  notANumber: (option, value, min, max) =>
    `${option} — целое число ${max === null ? `от ${min}` : `от ${min} до ${max}`}, а не «${value}».`,
  notPosts: (value) => `--posts — число или «all», а не «${value}».`,
  notADuration: (option, value) => `${option} — время вида 30s, 10m или 2h, а не «${value}».`,
  notADate: (option, value) =>
    `${option} — дата вида 2026-01-31 или давность вида 30d, а не «${value}».`,
  notATaskId: (value) => `«${value}» — не номер задания.`,
  notExportKind: (value, kinds) => `«${value}» нельзя выгрузить; выберите одно из: ${kinds}.`,
  outNoExtension: (file, names) =>
    `По имени ${file} не понять, в каком формате писать; есть ${names}.`,
  outUnknown: (extension, names) => `Формат .${extension} Стенографу не известен; есть ${names}.`,
  outNoDirectory: (directory) => `Папки ${directory} нет.`,
  outNotWritable: (directory) => `В папку ${directory} нельзя писать.`,
  outIsDirectory: (file) => `${file} — папка, а не файл.`,
  outFailed: (file, why) => `Не удалось записать ${file}: ${why}`,
  outWritten: (file, details) => `${file}: ${details}`,
  outNothing: (file) => `${file} не записан: прочесть ничего не удалось.`,
  outLater: (file, command) => `${file} ещё не записан. Когда задание закончится: ${command}`,
  serverNeedsKey: (url) =>
    `Для ${url} нужен ключ: положите один из его ключей API в STENOGRAF_API_KEY.`,
  badServerUrl: (value) => `«${value}» — не адрес http(s).`,
  unreachable: (url, why) => `Стенограф по адресу ${url} недоступен: ${why}.`,
  refused: 'соединение отвергнуто',
  nameUnknown: 'такого имени нет в сети',
  timedOut: 'ответ не пришёл вовремя',
  notStenograf: (url, status) => `По адресу ${url} отвечает не Стенограф (HTTP ${status}).`,
  keyRefused: (url, detail) => `${url} отвергает ключ: ${detail}`,
  connectionLost: 'Связь со службой потеряна; пробую снова…',
  connectionBack: 'Служба снова отвечает.',
  detachNeedsService: (cli) =>
    '--detach оставляет работу запущенной службе, а она не запущена. ' +
    `Запустите её командой «${cli} serve» или уберите --detach.`,
  settingsDiffer: (names, url) =>
    `У службы по адресу ${url} другие настройки, чем заданы здесь (${names}), а работать она будет ` +
    `со своими. Остановите её, уберите их здесь или возьмите другой STENOGRAF_HOME.`,
  alreadyServing: (url, pid) => `Из этой папки Стенограф уже запущен: ${url} (процесс ${pid}).`,
  noTokens: (cli) =>
    'Нет токена ВКонтакте, собирать нечем.\n' +
    '  Для открытых сообществ хватает сервисного ключа, он бессрочный: создайте приложение на\n' +
    '  https://dev.vk.com, откройте его настройки и скопируйте «сервисный ключ». Затем либо\n' +
    '  храните его зашифрованным рядом с данными, где его сразу найдут ждущие задания:\n\n' +
    `    ${cli} tokens add --kind service\n\n` +
    '  либо задайте его процессам, которые запускаете:\n\n' +
    '    export VK_TOKENS=service:СЮДА_ВСТАВЬТЕ_КЛЮЧ\n\n' +
    '  Токен пользователя (--kind user, VK_TOKENS=user:…) складывает 25 вызовов в один запрос и\n' +
    `  в несколько раз быстрее, но может жить всего час. Осмотреться без токена: ${cli} demo`,
  starting: 'Стенограф запускается…',
  stopping: 'Останавливаюсь…',
  status: {
    queued: 'в очереди',
    running: 'идёт сбор',
    waiting: 'ждёт',
    pausing: 'приостанавливается',
    paused: 'приостановлено',
    cancelling: 'отменяется',
    cancelled: 'отменено',
    completed: 'собрано полностью',
    partial: 'собрано частично',
    failed: 'не удалось',
  },
  waitingFor: {
    quota: 'ждёт квоты ВКонтакте',
    token: 'ждёт токена, который примет ВКонтакте',
    captcha: 'ждёт, пока пройдут капчу',
  },
  task: (id) => `Задание ${id}`,
  noTasks: (cli) => `Заданий ещё нет. Начните так: ${cli} collect СООБЩЕСТВО`,
  detached: (cli, id) => `Задание ${id} у службы. Следить за ним: ${cli} tasks watch ${id}`,
  interruptedPaused: (cli, id) =>
    `Задание ${id} приостановлено; всё прочитанное сохранено. Продолжить: ${cli} tasks resume ${id}`,
  interruptedWatching: (cli, id) =>
    `Наблюдение за заданием ${id} прервано. Посмотреть снова: ${cli} tasks watch ${id}`,
  waitedEnough: (cli, id, duration) =>
    `Задание ${id} ждёт уже ${duration}. Продолжить позже: ${cli} tasks watch ${id}`,
  noTokenWillCome: (cli) =>
    `ВКонтакте не принимает ни один токен; почему, скажет «${cli} tokens». Добавьте действующий ` +
    `(${cli} tokens add или VK_TOKENS) или почините прежний; затем: `,
  addTokenElsewhere: (cli) =>
    `Нужен токен, который примет ВКонтакте. Добавьте его в другом терминале: ${cli} tokens add`,
  passCaptcha: 'ВКонтакте просит капчу. Откройте ВКонтакте под владельцем токена и пройдите её.',
  captchaWillNotCome: 'ВКонтакте просит капчу. Пройдите её под учётной записью токена; затем: ',
  watchCommand: (cli, id) => `${cli} tasks watch ${id}`,
  more: (count, parts) => `… и ещё ${count}: ${parts}`,
  total: 'всего',
  perSecond: (rate) => `${rate} запроса/с`,
  in: 'за',
  notRead: 'Не прочитано',
  partlyRead: 'Прочитано частично',
  rows: {
    communities: 'сообщества',
    posts: 'записи',
    comments: 'комментарии',
    replies: 'ответы',
    authors: 'авторы',
    rows: 'строки',
    calls: 'вызовы',
    requests: 'запросы',
    time: 'время',
    data: 'данные',
    errors: 'ошибки ВК',
    ledger: 'сверка',
  },
  readOf: (read, total) => `прочитано ${read} из ${total}`,
  rowChanges: (added, changed, deleted) =>
    `новых ${added}, изменено ${changed}, помечено удалёнными ${deleted}`,
  callsInRequests: (perRequest) => `${perRequest} вызова на запрос`,
  errors: (count) => `${count}, каждая повторена или учтена`,
  ledger: (count) =>
    `ВКонтакте насчитывает ${count.vk_count}: прочитано ${count.stored} ` +
    `(удалённых, заглушками: ${count.stubs}), из них исчезло по ходу ${count.vanished}, ` +
    `не показано ${count.unlisted}`,
  unlisted: (count) =>
    `Счётчики ВКонтакте называют на ${count} больше, чем показали её списки, и при повторном взгляде.`,
  columns: {
    id: '№',
    status: 'СОСТОЯНИЕ',
    communities: 'СООБЩЕСТВА',
    posts: 'ЗАПИСИ',
    comments: 'КОММЕНТАРИИ',
    created: 'СОЗДАНО',
    name: 'НАЗВАНИЕ',
  },
  plan: {
    asking: 'Узнаём у ВКонтакте, чего это потребует; ничего не собирается…',
    title: 'Чего потребует задание',
    sampled: (usable, sampled) => `${usable}, из них просмотрено ${sampled}`,
    about: (length) => `примерно ${length}`,
    columns: { method: 'МЕТОД', calls: 'ВЫЗОВЫ', left: 'ОСТАЛОСЬ НА СЕГОДНЯ', share: 'ДОЛЯ' },
    overQuota: (methods) =>
      `Вызовов больше, чем осталось на сегодня (${methods}): задание подождёт и продолжится само.`,
    wouldFail: 'Не получится',
  },
  tokenAsArgument:
    'Токен не пишут в командной строке: он виден в списке процессов и остаётся в истории ' +
    'оболочки. Уберите его и вставьте, когда будет спрошено, или подайте на стандартный ввод.',
  tokenPrompt: 'Вставьте токен ВКонтакте, он не показывается: ',
  noTokenGiven: 'На стандартном вводе нет токена.',
  manyTokensGiven: 'Здесь больше одной строки; добавляйте по одному токену.',
  notATokenKind: (value, kinds) => `«${value}» — не вид токена; выберите одно из: ${kinds}.`,
  notATokenId: (value) => `«${value}» — не номер токена.`,
  noStoredTokens: (cli) => `Токенов ещё нет. Добавить: ${cli} tokens add`,
  tokenAdded: (cli, id, last4) =>
    `Токен ••••${last4} добавлен под номером ${id}. Узнать, что ему можно: ${cli} tokens check ${id}`,
  tokenRemoved: (id) =>
    `Токен ${id} удалён. Сборщики перестанут им пользоваться примерно через секунду; начатые ` +
    'запросы закончатся.',
  tokensRotated: (rotated) =>
    rotated === 0
      ? 'Все токены уже зашифрованы нынешним секретом.'
      : `Зашифровано заново токенов: ${rotated}`,
  tokensUnreadable: (count) =>
    `Токенов, которые здесь нечем прочесть: ${count}. Задайте их секрет как ` +
    'STENOGRAF_SECRET_PREVIOUS и повторите или удалите их.',
  noQuotas: 'Ещё не учтено ни одного вызова.',
  tokenStatus: {
    ready: 'готов',
    waiting: 'ждёт',
    captcha: 'капча',
    quarantined: 'отстранён',
    unreadable: 'не читается',
  },
  tokenColumns: {
    id: '№',
    kind: 'ВИД',
    name: 'НАЗВАНИЕ',
    token: 'ТОКЕН',
    status: 'СОСТОЯНИЕ',
    advice: 'ЧТО ДЕЛАТЬ',
  },
  quotaColumns: {
    token: 'ТОКЕН',
    method: 'МЕТОД',
    used: 'ЗА 24 Ч',
    cap: 'ПРЕДЕЛ',
    left: 'ОСТАЛОСЬ',
    pace: 'В ЧАС',
    forecast: 'ПРОГНОЗ',
  },
  noCap: 'предел неизвестен',
  lastsDay: 'при таком темпе хватит на сутки',
  usedUpAt: (time) => `кончится в ${time}`,
  restsUntil: (time) => `отдыхает до ${time}`,
  triedAgainAt: (time) => `Сам повторит попытку в ${time}.`,
  namedLast: (time) => `Последний раз был в VK_TOKENS в ${time}.`,
  methodColumns: { method: 'МЕТОД', answer: 'ОТВЕТ', why: 'ПОЧЕМУ' },
  methodAnswers: { yes: 'да', no: 'нет', unknown: 'неизвестно' },
  serving: (url) => `Стенограф слушает по адресу ${url}`,
  firstKey: (key) =>
    `Ключ API, показан один раз: ${key}\n  Передавайте его как «Authorization: Bearer …».`,
  servingWithoutWorker: (cli) =>
    `Этот процесс ничего не собирает; запустите рядом «${cli} worker».`,
  servingWithoutTokens: (cli) =>
    `Токена ВКонтакте нет: задания будут его ждать. Добавить: ${cli} tokens add`,
  stopHint: 'Остановить: Ctrl-C.',
  workerRuns: 'Сборщик принимает задания.',
  sandboxListens: (url) => `Песочница отвечает как ВКонтакте по адресу ${url}`,
  sandboxTokens: 'Попробуйте:',
  migrated: (names) => `Применено: ${names}`,
  upToDate: 'База данных в порядке, менять нечего.',
  migrateNeedsDatabase:
    'DATABASE_URL не задан. Встроенная база обновляется сама при каждом запуске.',
  portTaken: (port) => `Порт ${port} занят другим процессом; выберите другой через --port.`,
  notASwitch: (name, names) => `У песочницы нет переключателя «${name}»; есть: ${names}.`,
  notASwitchValue: (name, value, values) =>
    `«${value}» — не значение ${name}; выберите одно из: ${values}.`,
  notSwitches: (value) =>
    `--switches принимает имя=значение,… или файл JSON от probe, а не «${value}».`,
  badFaults: (why) => `Не удалось прочесть --faults: ${why}.`,
  probeAsking: (max) =>
    `Спрашиваем ВКонтакте о том, что не описано: только чтение, меньше ${max} запросов.`,
  probeTooMany: (max) => `За раз проверяется не больше ${max} сообществ.`,
  probeNotCommunity: (line) => `«${line}» — не сообщество.`,
  probeNotDeletedLink: (link) =>
    `--deleted принимает ссылки на записи и комментарии, например wall-1_2?reply=3, а не «${link}».`,
  probeNeedsToken:
    'Спрашивают только токенами из VK_TOKENS: задайте там токен пользователя или сервисный ключ, ' +
    'например VK_TOKENS=user:…,service:…',
  probeStates: { not_seen: 'не видно', not_asked: 'не спрошено' },
  probeLikely: 'вероятно',
  probeColumns: { point: 'ВОПРОС', answer: 'ОТВЕТ', why: 'ЧТО ВИДНО ИЛИ ЧЕГО НЕ ХВАТИЛО' },
  probeSummary: (seen, points, requests) => `Видно ${seen} из ${points}, ${requests}.`,
  probeEndedEarly: {
    calls: 'Запросы одной проверки кончились; назовите меньше сообществ.',
    token: 'ВКонтакте не принимает токен; об остальном не спрошено.',
    captcha: 'ВКонтакте просит капчу; пройдите её под владельцем токена и попробуйте снова.',
    unreachable: 'ВКонтакте не отвечает; об остальном не спрошено.',
  },
  probeWritten: (file, cli) =>
    `В ${file} нет ни имён, ни текстов. Попробуйте: ${cli} sandbox --switches ${file}`,
  erasure: {
    notAPerson: (value) => `«${value}» — не номер человека во ВКонтакте.`,
    counts: (erasure) => [
      `имён ${erasure.names}, записей ${erasure.posts}, комментариев ${erasure.comments}`,
      `упомянут другими ${erasure.mentions}, в заданиях ${erasure.task_links}, в событиях ${erasure.events}`,
    ],
    confirm: (cli, id) => `Ничего не изменено. Удалить навсегда: ${cli} authors erase ${id} --yes`,
    done: (id) => `Данные человека ${id} удалены и больше собираться не будут.`,
  },
  access: {
    notAKeyId: (value) => `«${value}» — не номер ключа.`,
    noUser: (name) => `Пользователя «${name}» нет.`,
    keyOnce: 'Ключ показан один раз; хранится только его хеш.',
    keyRevoked: (id) => `Ключ ${id} отозван.`,
    linkNeedsService: (cli) =>
      `Ссылка ведёт к запущенной службе, а она не запущена. Запустите её командой «${cli} serve».`,
    userAdded: (cli, name) => `${name}: добавлено. Впустить: ${cli} users link ${name}`,
    linkOnce: 'Ссылка впускает один раз, в течение 15 минут.',
    signIn: (link) => `Войти один раз, в течение 15 минут: ${link}`,
    passwordPrompt: 'Новый пароль: ',
    noPassword: 'Пароль не задан.',
    passwordSet: (name) => `У ${name} новый пароль; все прежние сеансы закончены.`,
    userStates: {
      ready: 'может войти',
      noPassword: 'по ссылке, пароля ещё нет',
      disabled: 'отключён',
    },
    columns: {
      id: '№',
      key: 'КЛЮЧ',
      scope: 'ПРАВА',
      created: 'СОЗДАН',
      used: 'ИСПОЛЬЗОВАН',
      ends: 'ДЕЙСТВУЕТ ДО',
      name: 'НАЗВАНИЕ',
      user: 'ПОЛЬЗОВАТЕЛЬ',
      role: 'РОЛЬ',
      state: 'СОСТОЯНИЕ',
      signedIn: 'ВХОДИЛ',
    },
  },
  search: {
    nothing: 'Ничего не найдено.',
    more: 'Это не всё; остальное покажет --limit.',
    nobody: 'автор неизвестен',
  },
  demoIntro: 'Вымышленные сообщества на заместителе ВКонтакте; ваши данные не затронуты.',
  demoComplete: (posts, allPosts, comments, allComments) =>
    `всё собрано: ${posts} из ${allPosts} записей, ${comments} из ${allComments} комментариев ` +
    `по счёту песочницы`,
  demoIncomplete: (posts, allPosts, comments, allComments) =>
    `СОБРАНО НЕ ВСЁ: ${posts} из ${allPosts} записей, ${comments} из ${allComments} комментариев ` +
    `по счёту песочницы`,
  demoViolations: (count) =>
    count === 0
      ? 'в пределах лимитов: песочница не видела ни одного лишнего запроса'
      : `ЛИМИТЫ ПРЕВЫШЕНЫ: песочница видела лишние запросы, ${count}`,
  demoInterrupted: (home) => `Демонстрация прервана; прочитанное остаётся в ${home} до следующей.`,
  fewestCalls: (calls) => `меньше ${calls} не бывает`,
  demoNext: 'Дальше',
  demoExport: 'всё в файл:',
  demoReal: 'настоящее сообщество, со своим ключом:',
  demoServing: (url) => `Демонстрация работает по адресу ${url} до Ctrl-C.`,
  demoKey: (key) => `Ключ API: ${key}`,
  demoTry: 'Попробуйте:',
  demoDidNotEnd: 'Демонстрация собрала не всё; это ошибка Стенографа.',
  unexpected: 'Неожиданная ошибка Стенографа',
  debugHint: 'STENOGRAF_DEBUG=1 покажет, где.',
  seeHelp: (command) => `Подробнее: ${command} --help`,
};

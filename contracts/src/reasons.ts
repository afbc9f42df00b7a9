/**
 * Why a target, a walk or a post could not be read, or ended early: the closed list that the API
 * calls `kind`. The sentence for people is made from it by `reasonSentence`.
 */
export const REASON_KINDS = [
  // what was pasted
  'bad_reference',
  'token_pasted',
  'not_found',
  'a_person',
  'not_a_community',
  // state of the community
  'wall_disabled',
  'community_banned',
  'community_deleted',
  'community_closed',
  'access_denied',
  // state of a post
  'post_gone',
  'comments_closed',
  'counted_zero',
  // tokens and limits
  'no_token',
  'token_invalid',
  'token_confirmation',
  'token_ip',
  'token_unreadable',
  'app_disabled',
  'captcha',
  'quota',
  'not_asked',
  // the way to VK
  'vk_unreachable',
  'vk_unavailable',
  'vk_error',
  // our own
  'unproven',
  'rejected_by_vk',
  'erasures_unreadable',
  'cancelled',
  'internal',
] as const;
export type ReasonKind = (typeof REASON_KINDS)[number];

export type Language = 'ru' | 'en';

const SENTENCES: Record<ReasonKind, Record<Language, string>> = {
  bad_reference: {
    en: 'This line is not a link to a community, a short name or an id.',
    ru: 'Эта строка не похожа ни на ссылку на сообщество, ни на короткое имя, ни на номер.',
  },
  token_pasted: {
    en:
      'This is a VK token, not a community. It was not kept: add it with “stenograf tokens add”, and ' +
      'get a new one if others could have seen it.',
    ru:
      'Это токен ВКонтакте, а не сообщество. Он нигде не сохранён: добавьте его командой ' +
      '«stenograf tokens add», а если его могли увидеть другие, получите новый.',
  },
  not_found: {
    en: 'VK knows no community by this name or number.',
    ru: 'ВКонтакте не знает сообщества с таким именем или номером.',
  },
  a_person: {
    en: "This is a person's page; Stenograf collects communities only.",
    ru: 'Это страница человека, а Стенограф собирает только сообщества.',
  },
  not_a_community: {
    en: 'This link leads to something other than a community.',
    ru: 'Эта ссылка ведёт не на сообщество.',
  },
  wall_disabled: {
    en: 'The wall of this community is switched off.',
    ru: 'Стена этого сообщества отключена.',
  },
  community_banned: {
    en: 'VK has blocked this community.',
    ru: 'ВКонтакте заблокировала это сообщество.',
  },
  community_deleted: {
    en: 'This community has been deleted.',
    ru: 'Это сообщество удалено.',
  },
  community_closed: {
    en: 'The wall is open to members only: it needs a user token of a member.',
    ru: 'Стена открыта только участникам: нужен пользовательский токен участника.',
  },
  access_denied: {
    en: 'VK denies this token access.',
    ru: 'ВКонтакте отказывает этому токену в доступе.',
  },
  post_gone: {
    en: 'The post has been deleted or hidden.',
    ru: 'Запись удалена или скрыта.',
  },
  comments_closed: {
    en: 'The comments of this post are closed.',
    ru: 'Комментарии к этой записи закрыты.',
  },
  counted_zero: {
    en: 'VK counts no comments under this post.',
    ru: 'По счёту ВКонтакте под этой записью нет комментариев.',
  },
  no_token: {
    en: 'There is no VK token that may do this; add one: “stenograf tokens add”, or VK_TOKENS.',
    ru: 'Нет токена ВКонтакте, которому это разрешено; добавьте его: «stenograf tokens add» или VK_TOKENS.',
  },
  token_invalid: {
    en: 'VK no longer accepts the token: it is wrong, expired or revoked. Get a new one.',
    ru: 'ВКонтакте больше не принимает токен: он неверен, истёк или отозван. Получите новый.',
  },
  token_confirmation: {
    en: 'VK wants the owner of the token to confirm something: open VK with this account.',
    ru: 'ВКонтакте ждёт подтверждения от владельца токена: откройте ВКонтакте под этой записью.',
  },
  token_ip: {
    en: 'VK does not accept this token from this IP address: allow it there, or get a token here.',
    ru: 'ВКонтакте не принимает этот токен с этого IP-адреса: разрешите его или получите токен здесь.',
  },
  token_unreadable: {
    en:
      'This token is encrypted under a secret that is not known here: set it as ' +
      'STENOGRAF_SECRET_PREVIOUS and run “stenograf tokens rotate”, or add the token again.',
    ru:
      'Токен зашифрован секретом, которого здесь нет: задайте его как STENOGRAF_SECRET_PREVIOUS и ' +
      'выполните «stenograf tokens rotate» или добавьте токен заново.',
  },
  app_disabled: {
    en:
      'VK has blocked or switched off the application that the token belongs to: switch it on, ' +
      'or use a token of another one.',
    ru:
      'Приложение, которому принадлежит токен, заблокировано или отключено: включите его или ' +
      'возьмите токен другого.',
  },
  captcha: {
    en: 'VK asks for a captcha: a person must open VK with this account and pass it.',
    ru: 'ВКонтакте просит капчу: её должен пройти человек под этой учётной записью.',
  },
  quota: {
    en: "VK's quota for this method is used up; collecting goes on by itself later.",
    ru: 'Квота ВКонтакте на этот метод исчерпана; сбор продолжится сам.',
  },
  not_asked: {
    en: 'There was no time to ask: the token is busy, or the pace cannot be kept. Check it later.',
    ru: 'Спросить не успели: токен занят, или темп сейчас не выдержать. Проверьте его позже.',
  },
  vk_unreachable: {
    en: 'VK could not be reached over the network.',
    ru: 'Не удалось связаться с ВКонтакте по сети.',
  },
  vk_unavailable: {
    en: 'VK kept answering with errors of its own.',
    ru: 'ВКонтакте раз за разом отвечала собственной ошибкой.',
  },
  vk_error: {
    en: 'VK answered with an error that Stenograf does not know.',
    ru: 'ВКонтакте ответила ошибкой, которой Стенограф не знает.',
  },
  unproven: {
    en: 'The list changed faster than it could be read, so that completeness could not be proven.',
    ru: 'Список менялся быстрее, чем его удавалось прочесть: полноту доказать не удалось.',
  },
  rejected_by_vk: {
    en: 'VK rejected the request itself; this is a fault of Stenograf or of its settings.',
    ru: 'ВКонтакте отвергла сам запрос: это ошибка Стенографа или его настроек.',
  },
  erasures_unreadable: {
    en:
      'The list of erased people cannot be read here, so that nothing may be stored: set ' +
      'STENOGRAF_SECRET as it is where people were erased, then retry.',
    ru:
      'Список тех, чьи данные удалены, здесь не прочесть, поэтому ничего нельзя сохранять: задайте ' +
      'тот же STENOGRAF_SECRET, что и там, где данные удаляли, и повторите.',
  },
  cancelled: {
    en: 'Cancelled before it was read.',
    ru: 'Отменено до того, как было прочитано.',
  },
  internal: {
    en: 'Stenograf failed here; the log has the details.',
    ru: 'Здесь ошибся сам Стенограф; подробности в журнале.',
  },
};

/** A sentence for people; VK's code is appended where there is one. */
export const reasonSentence = (
  kind: ReasonKind,
  language: Language,
  code: number | null = null,
): string => {
  const sentence = SENTENCES[kind][language];
  if (code === null) return sentence;
  return `${sentence} (${language === 'ru' ? 'код ВКонтакте' : 'VK code'} ${code})`;
};

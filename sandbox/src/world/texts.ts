import type { Random } from './random';

const WHEN = [
  'Сегодня',
  'Вчера вечером',
  'На той неделе',
  'Рано утром',
  'В субботу',
  'Весной',
  'После дождя',
] as const;
const WHERE = [
  'на набережной',
  'у старой мельницы',
  'во дворе библиотеки',
  'за вокзалом',
  'в городском саду',
  'на крыше гаража',
  'у реки',
] as const;
const WHO = [
  'соседи',
  'школьники',
  'велосипедисты',
  'садовники',
  'музыканты',
  'пекари',
  'смотрители маяка',
] as const;
const DID = [
  'открыли',
  'починили',
  'посадили',
  'нарисовали',
  'разобрали',
  'показали',
  'обсуждали',
] as const;
const WHAT = [
  'новую скамейку',
  'яблоню',
  'афишу',
  'расписание трамваев',
  'большую карту',
  'старый рояль',
  'ёлочные игрушки',
  'рецепт ржаного хлеба',
] as const;
const TAIL = [
  '',
  '',
  ', и это надолго',
  ', говорят очевидцы',
  ' — приходите смотреть',
  ', подробности позже',
] as const;
const TAGS = ['#город', '#прогулки', '#стенограф', '#рецепты@kniga_i_chay', '#ёлка'] as const;

const OPENERS = [
  'Спасибо',
  'Согласна',
  'Не верю',
  'Интересно',
  'Мы там были',
  'А когда снова',
  'Подскажите',
  'Ничего себе',
  'Жаль',
  'Ура',
] as const;
const OPINIONS = [
  'очень понравилось',
  'далеко ехать',
  'надо повторить',
  'фото бы побольше',
  'уже третий раз так',
  'дети в восторге',
  'раньше было тише',
  'сохраню себе',
  'всё ещё жду ответа',
] as const;
const ENDINGS = ['', '', '', '!', '?', '…', ' :)', ' 👍', ' ❤️', ' 😂😂'] as const;

const sentence = (random: Random): string =>
  `${random.pick(WHEN)} ${random.pick(WHERE)} ${random.pick(WHO)} ${random.pick(DID)} ${random.pick(WHAT)}${random.pick(TAIL)}.`;

/** Text of a post: one to `sentencesMax` sentences, some with a hashtag. */
export const inventPostText = (random: Random, sentencesMax: number): string => {
  const sentences = Array.from({ length: random.int(1, sentencesMax) }, () => sentence(random));
  const text = sentences.join(random.chance(0.2) ? '\n\n' : ' ');
  return random.chance(0.3) ? `${text}\n${random.pick(TAGS)}` : text;
};

export const inventCommentText = (random: Random): string => {
  const text = `${random.pick(OPENERS)}, ${random.pick(OPINIONS)}${random.pick(ENDINGS)}`;
  return random.chance(0.1) ? `${text} ${sentence(random)}` : text;
};

const sixteenKilobytes = (): string => {
  const line = 'Длинная запись, которую никто не дочитал до конца, кроме стенографистки. ';
  return line.repeat(Math.ceil(16_384 / Buffer.byteLength(line)));
};

/**
 * Texts that have broken collectors, tables and exports before: each occurs once in the world of
 * quirks, as a post and as a comment. VK's own limits on such characters are not documented.
 */
export const AWKWARD_TEXTS: readonly string[] = [
  'Семья: 👩‍👩‍👧‍👦, флаг: 🏴‍☠️, палец: 👍🏽, буква с ударением: а́',
  'שלום, это справа налево: مرحبا \u202eобратно‬',
  'до\u0000после нуля',
  'обрубок пары \ud83d посреди строки',
  'обрубок в конце \ud83d',
  '\ude00 обрубок в начале',
  '<script>alert("стена")</script> & <b>жирно</b> &amp;lt;',
  '=1+1',
  '+7 900 000-00-00',
  '@SUM(A1:A9)',
  '-2+3',
  'таб\tв строке,\r\nперевод строки, "кавычки", запятая; и точка с запятой',
  '  пробелы по краям  ',
  'разделители строк \u2028 и \u2029, метка \ufeff, управляющий \u001b[31m',
  "%s ${x} '; DROP TABLE posts; --",
  'NULL',
  'Ёжик ещё съел ёлку, а ежик — нет',
  '[id1|Кто-то], [club1|сюда 😀], [https://vk.com/club1|ссылка], @vetrogorod (метка)',
  'а'.repeat(600),
  sixteenKilobytes(),
];

import type { Random } from './random';

const FEMALE = [
  'Анна',
  'Вера',
  'Дарья',
  'Ева',
  'Зоя',
  'Инна',
  'Кира',
  'Лада',
  'Майя',
  'Нина',
  'Ольга',
  'Полина',
  'Рената',
  'Софья',
  'Таисия',
  'Ульяна',
  'Фаина',
  'Юлия',
  'Яна',
  'Алёна',
] as const;
const MALE = [
  'Артём',
  'Борис',
  'Вадим',
  'Глеб',
  'Демьян',
  'Егор',
  'Захар',
  'Игнат',
  'Кирилл',
  'Лев',
  'Матвей',
  'Назар',
  'Олег',
  'Пётр',
  'Роман',
  'Савва',
  'Тимур',
  'Фёдор',
  'Юрий',
  'Ярослав',
] as const;
/** Stems: a woman's name gets an «а» at the end. */
const SURNAMES = [
  'Берёзкин',
  'Ветров',
  'Грачёв',
  'Дымов',
  'Ежов',
  'Жаворонков',
  'Заречин',
  'Ивушкин',
  'Калинов',
  'Лисицын',
  'Маяков',
  'Ночкин',
  'Облаков',
  'Парусов',
  'Рассветов',
  'Снегирёв',
  'Тропинин',
  'Утёсов',
  'Филинов',
  'Хвощёв',
  'Цветков',
  'Чайкин',
  'Шмелёв',
  'Щеглов',
  'Юнгин',
  'Яблочкин',
] as const;

export interface PersonName {
  sex: 1 | 2;
  firstName: string;
  lastName: string;
}

/** An invented person; 1 is VK's number for a woman, 2 for a man. */
export const inventName = (random: Random): PersonName => {
  const stem = random.pick(SURNAMES);
  return random.chance(0.5)
    ? { sex: 1, firstName: random.pick(FEMALE), lastName: `${stem}а` }
    : { sex: 2, firstName: random.pick(MALE), lastName: stem };
};

const LATIN: Record<string, string> = {
  а: 'a',
  б: 'b',
  в: 'v',
  г: 'g',
  д: 'd',
  е: 'e',
  ё: 'yo',
  ж: 'zh',
  з: 'z',
  и: 'i',
  й: 'y',
  к: 'k',
  л: 'l',
  м: 'm',
  н: 'n',
  о: 'o',
  п: 'p',
  р: 'r',
  с: 's',
  т: 't',
  у: 'u',
  ф: 'f',
  х: 'kh',
  ц: 'ts',
  ч: 'ch',
  ш: 'sh',
  щ: 'sch',
  ъ: '',
  ы: 'y',
  ь: '',
  э: 'e',
  ю: 'yu',
  я: 'ya',
};

/** Cyrillic in Latin letters, roughly as VK writes names for readers of other languages. */
export const transliterate = (text: string): string =>
  text.replaceAll(/[а-яё]/giu, (letter) => {
    const latin = LATIN[letter.toLowerCase()] ?? letter;
    if (letter === letter.toLowerCase()) return latin;
    return latin.charAt(0).toUpperCase() + latin.slice(1);
  });

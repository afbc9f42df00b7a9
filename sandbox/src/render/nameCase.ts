export const NAME_CASES = ['nom', 'gen', 'dat', 'acc', 'ins', 'abl'] as const;
/** VK's `name_case`: a grammatical case of Russian. */
export type NameCase = (typeof NAME_CASES)[number];

type Oblique = Exclude<NameCase, 'nom'>;
type Endings = Record<Oblique, string>;

const endings = (gen: string, dat: string, acc: string, ins: string, abl: string): Endings => ({
  gen,
  dat,
  acc,
  ins,
  abl,
});

const FEMALE_SURNAME = endings('ой', 'ой', 'у', 'ой', 'ой');
const MALE_SURNAME = endings('а', 'у', 'а', 'ым', 'е');

/** Endings of first names, by what the nominative ends in; the first that fits holds. */
const FIRST_NAMES: readonly [RegExp, Endings][] = [
  [/(?<=и)я$/, endings('и', 'и', 'ю', 'ей', 'и')],
  [/я$/, endings('и', 'е', 'ю', 'ей', 'е')],
  [/(?<=[гкхжшщч])а$/, endings('и', 'е', 'у', 'ой', 'е')],
  [/а$/, endings('ы', 'е', 'у', 'ой', 'е')],
  [/[йь]$/, endings('я', 'ю', 'я', 'ем', 'е')],
  [/(?<=[бвгджзклмнпрстфхцчшщ])$/, endings('а', 'у', 'а', 'ом', 'е')],
];

/** Names that lose or change a vowel. */
const STEMS: Record<string, string> = { Лев: 'Льв', Пётр: 'Петр' };

/** A first name of the invented people in a case; a name that is no Russian word stays as it is. */
export const declineFirstName = (name: string, nameCase: NameCase): string => {
  if (nameCase === 'nom') return name;
  const stem = STEMS[name] ?? name;
  const [nominative, forms] = FIRST_NAMES.find(([ending]) => ending.test(stem)) ?? [];
  return nominative && forms ? stem.replace(nominative, forms[nameCase]) : name;
};

/** The same for a surname in -ов, -ев, -ин and for its female form. */
export const declineLastName = (name: string, nameCase: NameCase): string => {
  if (nameCase === 'nom' || !/(?:[оеё]в|[иы]н)а?$/.test(name)) return name;
  return name.endsWith('а')
    ? `${name.slice(0, -1)}${FEMALE_SURNAME[nameCase]}`
    : `${name}${MALE_SURNAME[nameCase]}`;
};

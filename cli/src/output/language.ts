import type { Language } from '@stenograf/contracts/reasons';

type Environment = Readonly<Record<string, string | undefined>>;

/** Russian where the locale says so, else English; the first variable that is set decides (POSIX). */
export const readLanguage = ({ LC_ALL, LC_MESSAGES, LANG }: Environment): Language =>
  /^ru/i.test(LC_ALL || LC_MESSAGES || LANG || '') ? 'ru' : 'en';

import type { Language } from '@stenograf/contracts/reasons';
import { en, type Sentences } from './en';
import { ru } from './ru';

const SENTENCES: Record<Language, Sentences> = { en, ru };

export const sentencesIn = (language: Language): Sentences => SENTENCES[language];

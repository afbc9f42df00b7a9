import type { SearchNote, SearchNoteCode } from '@stenograf/contracts/reading';
import type { Language } from '@stenograf/contracts/reasons';

const SENTENCES: Record<Language, Record<SearchNoteCode, string>> = {
  en: {
    nothing_to_search: 'The query holds nothing to search for; this is everything.',
    common_words: 'These words are too common to tell texts apart, and were left out.',
    only_exclusions: 'The query only excludes; this is everything else.',
    searched_parts: 'The words were searched for as pieces of text, as they are written.',
    filter_unreadable: 'This filter cannot be read, and was left out.',
    name_unknown: 'Nobody who is stored bears this name.',
    name_too_common: 'So many bear this name that the filter was left out; write an id instead.',
    flag_of_other_list: 'Nothing in this list can be so.',
    operator_ignored: 'There is nothing here that this sign could apply to; it was left out.',
    query_cut: 'The query is too long; it was read up to here.',
  },
  ru: {
    nothing_to_search: 'В запросе нечего искать; показано всё.',
    common_words: 'Эти слова есть почти в каждом тексте; они не учитывались.',
    only_exclusions: 'В запросе только исключения; показано всё остальное.',
    searched_parts: 'Слова искались как части текста, буква в букву.',
    filter_unreadable: 'Этот фильтр непонятен; он не учитывался.',
    name_unknown: 'Среди сохранённых никого с таким именем нет.',
    name_too_common: 'Это имя носят слишком многие; фильтр не учитывался, укажите id.',
    flag_of_other_list: 'В этом списке таких не бывает.',
    operator_ignored: 'Этому знаку здесь не к чему относиться; он не учитывался.',
    query_cut: 'Запрос слишком длинный; он прочитан до этого места.',
  },
};

export const presentNotes = (
  notes: readonly { code: SearchNoteCode; part: string | null }[],
  language: Language,
): SearchNote[] => notes.map(({ code, part }) => ({ code, part, text: SENTENCES[language][code] }));

import { plainRoots } from './fillers';
import type { PostPlan, RootPlan } from './plan';
import { AWKWARD_TEXTS } from './texts';

const withRoots = (count: number, special: Record<number, RootPlan>): RootPlan[] =>
  plainRoots(count).map((root, index) => special[index] ?? root);

/** Hidden ones lie across the end of the first page, further than the usual overlap reaches. */
const hiddenAcrossPages = (): RootPlan[] =>
  withRoots(
    230,
    Object.fromEntries(Array.from({ length: 14 }, (_, index) => [92 + index, { isHidden: true }])),
  );

/** Every shape a post on a wall can have. */
const shapedPosts = (): PostPlan[] => [
  { by: 'user', text: 'Написал человек, поэтому просмотров нет', roots: plainRoots(2) },
  { by: 'bystander', roots: plainRoots(1) },
  { isSigned: true, isEdited: true },
  { isAds: true, attachments: ['link'] },
  { isRepost: true, roots: plainRoots(1) },
  { isRepost: true, text: 'Репост со словами', attachments: ['photo'] },
  { hasGeo: true, attachments: ['poll', 'photo'] },
  { hasCopyright: true, attachments: ['doc', 'audio', 'video'] },
  { hasDonutPlaceholder: true },
  { text: '', attachments: ['photo', 'photo', 'sticker'] },
  { attachments: ['unknown', 'null', 'otherKey', 'album'] },
  { isDatedLate: true, text: 'Отложенная запись: номер старше даты', roots: plainRoots(1) },
  { isHidden: true, roots: plainRoots(3) },
];

/** Threads of every size that matters: ten come inline, the rest must be asked for. */
const threadPosts = (): PostPlan[] => [
  {
    text: 'Ветки в 0, 1, 10, 11 и 101 ответ',
    roots: [{}, { replies: 1 }, { replies: 10 }, { replies: 11 }, { replies: 101 }],
  },
  { text: 'Ветка длиннее двух страниц', roots: [{ replies: 215 }, {}] },
  {
    text: 'Заглушки на месте удалённых',
    roots: [
      { isStub: true, replies: 1 },
      { isStub: true, replies: 12 },
      { isStub: true, replies: 2 },
      { isStub: true, replies: 1 },
      {},
    ],
  },
  {
    text: 'Счётчики веток врут',
    roots: [
      { replies: 4, threadDrift: 2 },
      { replies: 14, threadDrift: -2 },
      { replies: 12, hiddenReplies: [3, 11] },
      { replies: 0, threadDrift: 1 },
    ],
  },
];

/** Long lists, lists that show less than they count, and lists that VK refuses. */
const listPosts = (): PostPlan[] => [
  { text: 'Больше ста комментариев', roots: plainRoots(137) },
  { text: 'Больше двухсот, часть скрыта', roots: hiddenAcrossPages() },
  { text: 'Ровно сто', roots: plainRoots(100) },
  { text: 'Счётчик больше списка', roots: plainRoots(7), totalDrift: 3 },
  { text: 'Счётчик меньше списка', roots: plainRoots(6), totalDrift: -2 },
  { text: 'Счётчик уровня больше списка', roots: plainRoots(98), levelDrift: 3, totalDrift: 3 },
  { text: 'Без счётчика уровня', roots: withRoots(12, { 3: { replies: 5 } }), levelDrift: null },
  { text: 'Считается один, а показать нечего', totalDrift: 1 },
  { text: 'Все комментарии скрыты', roots: [{ isHidden: true }, { isHidden: true, replies: 2 }] },
  { text: 'Комментарии закрыты', roots: plainRoots(4), commentAccess: 'closed' },
  {
    text: 'Запись есть на стене, а комментариев уже нет',
    roots: plainRoots(2),
    commentAccess: 'gone',
  },
];

/** Everybody who may comment. */
const authorPost = (): PostPlan => ({
  text: 'Кто только не пишет',
  roots: [
    { by: 'community' },
    { by: 'bystander', replies: 2 },
    { by: 'deactivated' },
    { by: 'deactivated', text: '' },
    { by: 'leftOut' },
    { hasDonutPlaceholder: true },
    { attachments: ['sticker'], text: '' },
    { attachments: ['photo', 'doc', 'unknown', 'null'] },
  ],
});

const awkwardPosts = (): PostPlan[] => [
  ...AWKWARD_TEXTS.map((text) => ({ text })),
  {
    text: 'Неудобные тексты в комментариях',
    roots: [
      ...AWKWARD_TEXTS.map((text): RootPlan => ({ text })),
      { replies: AWKWARD_TEXTS.length, replyTexts: [...AWKWARD_TEXTS] },
    ],
  },
];

/** One post for each quirk of VK's walls, oldest first. */
export const quirkPosts = (): PostPlan[] => [
  { isPinned: true, text: 'Закреплено с самого начала', roots: plainRoots(3) },
  ...shapedPosts(),
  ...threadPosts(),
  ...listPosts(),
  authorPost(),
  ...awkwardPosts(),
];

import type { Sandbox } from '@stenograf/sandbox';
import type { Comment, Post, User } from '@stenograf/sandbox/world/model';

/** The number stands nowhere else, so that a search for it proves something. */
export const PERSON = 700_123_457;
/** People whose numbers begin or end like it. */
export const NEIGHBOURS = [7_001_234_571, 70_012_345, 1_700_123_457];

/** What nobody else in the world says or is called. */
export const NAME = 'Ярополка';
export const WORDS = 'сокровенное';

const createUser = (id: number, firstName: string): User => ({
  id,
  firstName,
  lastName: `Тайная${id}`,
  latin: { firstName, lastName: 'Secret' },
  screenName: null,
  deactivated: null,
  isClosed: false,
  sex: 1,
  leftOutOfProfiles: false,
});

const say = (thing: Post | Comment, fromId: number, text: string): void => {
  thing.fromId = fromId;
  thing.text = text;
};

const take = <T>(things: T[]): T => {
  const thing = things.shift();
  if (thing === undefined) throw new Error('The world is too small for this test.');
  return thing;
};

const photoOf = (ownerId: number) => () =>
  ({
    type: 'photo',
    photo: { id: 5, owner_id: ownerId, date: 1, album_id: 1, text: `${WORDS} фото` },
  }) as unknown as ReturnType<Post['attachments'][number]>;

const linkTo = (url: string) => () =>
  ({ type: 'link', link: { url, title: NAME } }) as unknown as ReturnType<
    Post['attachments'][number]
  >;

/** Lets one person write all over a wall of the sandbox, and others speak of them. */
export const plantPerson = ({ world }: Sandbox): void => {
  const wall = world.communities.get(1)?.wall;
  if (!wall) throw new Error('There is no such wall.');
  for (const [index, id] of [PERSON, ...NEIGHBOURS].entries()) {
    world.users.set(id, createUser(id, index === 0 ? NAME : `Соседка${index}`));
  }
  const posts = wall.posts.filter((post) => !post.isHidden);
  const roots = posts.flatMap((post) => post.roots);
  const threads = roots.filter(({ replies, isDeleted }) => replies.length > 1 && !isDeleted);
  const single = roots.filter(({ replies, isDeleted }) => replies.length === 0 && !isDeleted);

  const own = take(posts);
  say(own, PERSON, `${WORDS} запись`);
  own.attachments = [photoOf(PERSON)];
  take(posts).signerId = PERSON;
  const repost = take(posts);
  repost.copyHistory = [
    { ownerId: PERSON, id: 9, fromId: PERSON, date: own.date, text: WORDS, attachments: [] },
  ];

  const thread = take(threads);
  say(thread, PERSON, `${WORDS} начало`);
  for (const reply of thread.replies) {
    reply.replyToComment = thread.id;
    reply.replyToUser = PERSON;
    reply.text = `[id${PERSON}|${NAME}], это верно`;
  }
  const other = take(threads);
  say(take([...other.replies]), PERSON, `${WORDS} ответ`);
  for (const [index, id] of NEIGHBOURS.entries()) {
    say(take(single), id, `[id${id}|Соседка${index + 1}] сама`);
  }
  const quoting = take(single);
  quoting.attachments = [photoOf(PERSON), linkTo(`https://vk.com/id${PERSON}`)];
};

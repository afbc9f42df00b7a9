import type { UsersUserFull } from '@vkontakte/api-schema-typescript';
import { userScreenName, type User } from '../world/model';
import { avatar } from './avatar';
import { declineFirstName, declineLastName, NAME_CASES, type NameCase } from './nameCase';
import { bool, flag, type ReplyStyle } from './reply';

/** Names are declined in Cyrillic only. */
const nameOf = (user: User, { isLatin }: ReplyStyle, nameCase: NameCase) =>
  isLatin
    ? user.latin
    : {
        firstName: declineFirstName(user.firstName, nameCase),
        lastName: declineLastName(user.lastName, nameCase),
      };

type UserField = (user: User, style: ReplyStyle) => Partial<UsersUserFull>;

const CASE_FIELDS: Record<string, UserField> = Object.fromEntries(
  NAME_CASES.flatMap((nameCase): [string, UserField][] => [
    [
      `first_name_${nameCase}`,
      (user, style) => ({ [`first_name_${nameCase}`]: nameOf(user, style, nameCase).firstName }),
    ],
    [
      `last_name_${nameCase}`,
      (user, style) => ({ [`last_name_${nameCase}`]: nameOf(user, style, nameCase).lastName }),
    ],
  ]),
);

/** Extra fields of a person, by the name that `fields` asks for. */
const USER_FIELDS: Record<string, UserField> = {
  ...CASE_FIELDS,
  screen_name: (user) => {
    const name = userScreenName(user);
    return name === null ? {} : { screen_name: name };
  },
  domain: (user) => ({ domain: userScreenName(user) ?? `id${user.id}` }),
  sex: ({ sex }) => ({ sex }),
  photo_50: ({ id }, { stamp }) => ({ photo_50: avatar(`u${id}`, 50, stamp) }),
  photo_100: ({ id }, { stamp }) => ({ photo_100: avatar(`u${id}`, 100, stamp) }),
  photo_200: ({ id }, { stamp }) => ({ photo_200: avatar(`u${id}`, 200, stamp) }),
  photo_max: ({ id }, { stamp }) => ({ photo_max: avatar(`u${id}`, 'max', stamp) }),
  has_photo: (_user, style) => ({ has_photo: flag(style, true) }),
  online: (_user, style) => ({ online: flag(style, false) }),
  online_info: (_user, style) => ({
    online_info: { visible: bool(style, false), status: 'recently', is_online: bool(style, false) },
  }),
  verified: (_user, style) => ({ verified: flag(style, false) }),
  nickname: () => ({ nickname: '' }),
  status: () => ({ status: '' }),
  followers_count: ({ id }) => ({ followers_count: id % 500 }),
  // VK sends an empty list where an object has nothing in it.
  counters: () => ({ counters: [] as NonNullable<UsersUserFull['counters']> }),
};

/** @param nameCase grammatical case of the two names, which VK calls `name_case` */
export const renderUser = (
  user: User,
  fields: readonly string[],
  style: ReplyStyle,
  nameCase: NameCase = 'nom',
): UsersUserFull => {
  const name = nameOf(user, style, nameCase);
  const rendered: UsersUserFull = {
    id: user.id,
    first_name: name.firstName,
    last_name: name.lastName,
  };
  if (user.deactivated === null) {
    rendered.can_access_closed = bool(style, !user.isClosed);
    rendered.is_closed = bool(style, user.isClosed);
  } else {
    rendered.deactivated = user.deactivated;
  }
  for (const field of fields) Object.assign(rendered, USER_FIELDS[field]?.(user, style));
  return rendered;
};

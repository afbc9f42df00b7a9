import type { WallWallpostAttachment } from '@vkontakte/api-schema-typescript';
import { floatInt } from '../render/floatInt';
import type { StampedAttachment } from './model';
import type { Random } from './random';

export type AttachmentKind =
  | 'photo'
  | 'video'
  | 'doc'
  | 'link'
  | 'poll'
  | 'audio'
  | 'sticker'
  | 'album'
  | 'unknown'
  | 'null'
  | 'otherKey';

interface Place {
  ownerId: number;
  date: number;
  random: Random;
}

const media = (path: string, stamp: string): string =>
  `https://sun9-${stamp.charCodeAt(0) % 90}.userapi.com/impg/${path}.jpg?quality=95&sign=${stamp}`;

const sizes = (path: string, stamp: string) =>
  (
    [
      ['s', 75, 50],
      ['m', 130, 87],
      ['x', 604, 403],
      ['w', 1280, 853],
    ] as const
  ).map(([type, width, height]) => ({
    type,
    width: floatInt(width),
    height,
    url: media(`${path}/${type}`, stamp),
  }));

const photo = ({ ownerId, date, random }: Place): StampedAttachment => {
  const id = random.int(456_000_000, 457_999_999);
  const hasTags = random.chance(0.1);
  return (stamp) => ({
    type: 'photo',
    photo: {
      album_id: -7,
      date,
      id,
      owner_id: ownerId,
      access_key: stamp,
      sizes: sizes(`p${id}`, stamp),
      orig_photo: { type: 'base', width: 1280, height: 853, url: media(`p${id}/o`, stamp) },
      text: '',
      has_tags: hasTags,
      web_view_token: stamp,
    },
  });
};

const video = ({ ownerId, date, random }: Place): StampedAttachment => {
  const id = random.int(456_000_000, 457_999_999);
  const duration = random.int(10, 5_000);
  return (stamp) => ({
    type: 'video',
    video: {
      id,
      owner_id: ownerId,
      title: 'Прогулка вдоль реки',
      duration,
      date,
      access_key: stamp,
      track_code: `video_${stamp}`,
      image: [{ width: 320, height: 240, url: media(`v${id}`, stamp), with_padding: 1 }],
    },
  });
};

const doc = ({ ownerId, date, random }: Place): StampedAttachment => {
  const id = random.int(600_000_000, 699_999_999);
  return (stamp) => ({
    type: 'doc',
    doc: {
      id,
      owner_id: ownerId,
      title: 'Расписание «весна», правка 2.pdf',
      size: 182_044,
      ext: 'pdf',
      type: 1,
      date,
      url: `https://vk.com/doc${ownerId}_${id}?hash=${stamp}&dl=${stamp}`,
      preview: {
        photo: { sizes: [{ src: media(`d${id}`, stamp), width: 130, height: 90, type: 'm' }] },
      },
      access_key: stamp,
    },
  });
};

const link = ({ random }: Place): StampedAttachment => {
  const id = random.int(1, 9_999);
  return (stamp) => ({
    type: 'link',
    link: {
      url: `https://example.org/articles/${id}?from=wall`,
      title: 'Как мы чинили карусель',
      description: 'Заметка с картинками',
      caption: 'example.org',
      photo: {
        id,
        album_id: -26,
        date: 1_700_000_000,
        owner_id: 2_000_000_000,
        sizes: sizes(`l${id}`, stamp),
        text: '',
        has_tags: false,
      },
    },
  });
};

const poll = ({ ownerId, date, random }: Place): StampedAttachment => {
  const id = random.int(700_000_000, 799_999_999);
  const votes = [random.int(0, 90), random.int(0, 90)];
  return () => ({
    type: 'poll',
    poll: {
      id,
      owner_id: ownerId,
      created: date,
      question: 'Куда поставить новую скамейку?',
      votes: votes.reduce((sum, count) => sum + count, 0),
      answers: votes.map((count, index) => ({
        id: id * 2 + index,
        text: index === 0 ? 'К реке' : 'К саду',
        votes: count,
        rate: 33.33,
      })),
      anonymous: true,
      multiple: false,
      end_date: 0,
      closed: false,
      is_board: false,
      can_edit: false,
      can_vote: true,
      can_report: false,
      can_share: true,
      author_id: ownerId,
      disable_unvote: false,
      answer_ids: [],
    },
  });
};

const audio = ({ ownerId, random }: Place): StampedAttachment => {
  const id = random.int(456_000_000, 457_999_999);
  return (stamp) => ({
    type: 'audio',
    audio: {
      id,
      owner_id: ownerId,
      artist: 'Оркестр водосточных труб',
      title: 'Капель',
      duration: 201,
      date: 1_690_000_000,
      url: `https://cs1-2v4.vkuseraudio.net/p/${id}.mp3?extra=${stamp}`,
    },
  });
};

const album = ({ ownerId, date, random }: Place): StampedAttachment => {
  const id = random.int(250_000_000, 299_999_999);
  return () => ({
    type: 'album',
    // VK sends this id as a string, whatever its schema says.
    album: {
      id: String(id) as unknown as number,
      owner_id: ownerId,
      title: 'Лето',
      size: 12,
      created: date,
      updated: date,
    },
  });
};

/** Kinds that VK's schema does not have: new types, empty payloads, payloads under another key. */
const offSchema =
  (attachment: object): StampedAttachment =>
  () =>
    attachment;

const sticker = ({ random }: Place): StampedAttachment => {
  const id = random.int(9_000, 99_000);
  return (stamp) =>
    ({
      type: 'sticker',
      sticker: {
        product_id: 279,
        sticker_id: id,
        images: [{ url: media(`s${id}`, stamp), width: 64, height: 64 }],
        is_allowed: true,
      },
    }) as WallWallpostAttachment;
};

const MAKERS: Record<AttachmentKind, (place: Place) => StampedAttachment> = {
  photo,
  video,
  doc,
  link,
  poll,
  audio,
  sticker,
  album,
  unknown: () =>
    offSchema({ type: 'mini_app', mini_app: { app_id: 7_000_001, title: 'Игра «Дворник»' } }),
  null: () => offSchema({ type: 'photos_list', photos_list: null }),
  otherKey: ({ ownerId }) =>
    offSchema({
      type: 'market_album',
      market_market_album: { id: 1, owner_id: ownerId, title: 'Товары двора', count: 3 },
    }),
};

export const createAttachment = (kind: AttachmentKind, place: Place): StampedAttachment =>
  MAKERS[kind](place);

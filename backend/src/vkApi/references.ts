import type { ReasonKind } from '@stenograf/contracts/reasons';
import { holdsVkToken } from '@stenograf/contracts/vkTokenShape';

/** What a pasted line names, by its form alone: whether it exists is VK's to say. */
export type Reference = UsableReference | RejectedReference;

export type UsableReference =
  | { type: 'community'; id: number }
  /** Lower case: VK does not tell the cases of a short name apart. */
  | { type: 'name'; screenName: string }
  | { type: 'post'; ownerId: number; postId: number };

export interface RejectedReference {
  type: 'rejected';
  kind: ReasonKind;
  /** What the line is instead, in a few English words. */
  detail: string;
}

/** What is kept in the place of a line that holds a VK token. */
export const HIDDEN_TOKEN = '[secret]';

/** Longer lines are not looked at: no link to a community comes near. */
const LINE_LENGTH_MAX = 2_000;
const SCREEN_NAME_LENGTH_MAX = 64;

/** What copying brings along: zero-width characters, direction marks, soft hyphens. */
const INVISIBLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;
const WRAPPING = /^["'«“<]+|["'»”>,;]+$/g;
const HOST =
  /^(?:https?:)?(?:\/\/)?(?:(?:www|m|new)\.)*(?:vk\.com|vk\.ru|vkontakte\.ru|vk\.me)(?::\d+)?(?=[/?#]|$)/i;
const OTHER_LINK = /^[a-z][a-z\d+.-]*:\/\/|^\/\/|^[^/?#]+\.[^/?#]+\//i;
const MENTION = /^\[([^|\]]+)\|[^\n]*\]$/;
const AT_MENTION = /^[@*]\s*([^\s()]+)(?:\s*\(.*\))?$/s;

/**
 * Reads a pasted line in any form in use: id, short name, mention, link on any of VK's hosts,
 * post and comment links, overlays. A bare positive number is a community, since nothing else is
 * asked for here.
 */
export const parseReference = (line: string): Reference => {
  if (line.length > LINE_LENGTH_MAX) return rejected('bad_reference', 'too long a line');
  if (line === HIDDEN_TOKEN || holdsVkToken(line)) return rejected('token_pasted', 'a VK token');
  const text = line.replace(INVISIBLE, '').trim().replace(WRAPPING, '').trim();
  if (text === '') return rejected('bad_reference', 'an empty line');
  const mention = MENTION.exec(text)?.[1] ?? AT_MENTION.exec(text)?.[1];
  if (mention === undefined) return parseLink(text);
  return text.startsWith('[') ? parseLink(mention.trim()) : parsePage(mention, true);
};

const parseLink = (text: string): Reference => {
  const rest = text.replace(HOST, '');
  const isLink = rest !== text;
  if (!isLink && OTHER_LINK.test(text)) {
    return rejected('bad_reference', 'a link to a place that is not VK');
  }
  const { path, query } = splitLink(rest);
  const overlay = parseWall(new URLSearchParams(query).get('w') ?? '');
  if (overlay) return overlay;
  if (path === '') return rejected('bad_reference', 'a link without a page');
  const [page = '', ...deeper] = path.split('/');
  if (deeper.some((part) => part !== '')) return rejected('not_a_community', 'a page inside VK');
  return parsePage(page, page.startsWith('@'));
};

/** The path without slashes around it, and the parameters, also of a single-page address (#). */
const splitLink = (rest: string): { path: string; query: string } => {
  const [beforeHash = '', hash = ''] = rest.split('#', 2);
  const [path = '', query = ''] = beforeHash.split('?', 2);
  const [plainPath = '', ...loose] = decoded(path).split('&');
  return {
    path: plainPath.replace(/^\/+|\/+$/g, '').trim(),
    query: [query, ...loose, hash.replace(/^.*\?/, '')].filter((part) => part !== '').join('&'),
  };
};

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** `isMentioned`: written with an @, which stands before names and before articles. */
const parsePage = (page: string, isMentioned: boolean): Reference => {
  const name = page.replace(/^[@*]/, '').toLowerCase();
  const wall = parseWall(name);
  if (wall) return wall;
  const community = /^(?:(?:club|public|event)|(-)?)(\d+)$/.exec(name);
  if (community) return communityReference(Number(community[2]));
  if (/^id\d+$/.test(name)) return rejected('a_person', "a person's page");
  const place = PLACES.find(({ form }) => form.test(name));
  if (place) return rejected('not_a_community', place.what);
  if (isMentioned && /^-?[\w.]+-/.test(name)) return rejected('not_a_community', 'an article');
  if (name.length <= SCREEN_NAME_LENGTH_MAX && /^[a-z\d_.]*[a-z\d][a-z\d_.]*$/.test(name)) {
    return { type: 'name', screenName: name };
  }
  return rejected('bad_reference', 'no form that VK uses');
};

/** A post, also by a link to a comment of it or with what an overlay adds, or a whole wall. */
const parseWall = (text: string): Reference | null => {
  const wall = /^wall(-?\d+)(?:_(\d+)(?:_r\d+)?)?(?:[/?&%].*)?$/i.exec(text);
  if (!wall) return null;
  const ownerId = Number(wall[1]);
  const postId = wall[2] === undefined ? null : Number(wall[2]);
  if (ownerId > 0) return rejected('a_person', "a person's wall");
  if (postId === null) return communityReference(-ownerId);
  if (!isId(-ownerId) || !isId(postId)) return rejected('bad_reference', 'a number VK cannot have');
  return { type: 'post', ownerId, postId };
};

const communityReference = (id: number): Reference =>
  isId(id) ? { type: 'community', id } : rejected('bad_reference', 'a number VK cannot have');

const isId = (id: number): boolean => Number.isSafeInteger(id) && id > 0;

const ID_PAIR = '-?\\d+(?:_-?\\d+)*';
const numbered = (names: string, what: string): { form: RegExp; what: string } => ({
  form: new RegExp(`^(?:${names})${ID_PAIR}(?:_\\w+)?$`),
  what,
});

/** Pages of VK that are known by their form not to be a community. */
const PLACES: readonly { form: RegExp; what: string }[] = [
  numbered('app', 'an application'),
  numbered('albums?|photos?|tag', 'photos'),
  numbered('topic|board', 'a discussion'),
  numbered('videos?|clips?|playlist', 'videos'),
  numbered('market|product|uslugi', 'goods'),
  numbered('audios?|audio_playlist|podcasts?', 'audio'),
  numbered('docs?', 'a document'),
  numbered('story|stories|narrative', 'a story'),
  numbered('pages?|poll|event_|gifts?|write|friends|groups|sel', 'a page inside VK'),
  {
    form: /^(?:feed|im|search|groups|friends|login|join|settings|fave)$/,
    what: 'a page inside VK',
  },
  { form: /\.php$/, what: 'a page inside VK' },
];

const rejected = (kind: ReasonKind, detail: string): RejectedReference => ({
  type: 'rejected',
  kind,
  detail,
});

/** Equal for references that certainly name the same: `club1`, `-1` and `vk.com/public1`. */
export const referenceKey = (reference: UsableReference): string => {
  switch (reference.type) {
    case 'community':
      return `club${reference.id}`;
    case 'name':
      return reference.screenName;
    case 'post':
      return `wall${reference.ownerId}_${reference.postId}`;
  }
};

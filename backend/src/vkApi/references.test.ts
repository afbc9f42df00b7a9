import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { parseReference, referenceKey } from './references';

const community = (id: number) => ({ type: 'community' as const, id });
const name = (screenName: string) => ({ type: 'name' as const, screenName });
const post = (ownerId: number, postId: number) => ({ type: 'post' as const, ownerId, postId });

const HOSTS = [
  'vk.com',
  'm.vk.com',
  'www.vk.com',
  'new.vk.com',
  'vk.ru',
  'm.vk.ru',
  'vkontakte.ru',
  'vk.me',
  'VK.COM',
];
const SCHEMES = ['', 'http://', 'https://', '//', 'HTTPS://'];

describe('a community is read from', () => {
  test.each([
    ['-1', 1],
    ['1', 1],
    ['  club1\t', 1],
    ['public1', 1],
    ['event1', 1],
    ['CLUB1', 1],
    ['@club1', 1],
    ['*public1', 1],
    ['@club1 (Клуб «Имя» (старое))', 1],
    ['[club1|Клуб]', 1],
    ['[public1|a|b]', 1],
    ['[https://vk.com/club1|сюда]', 1],
    ['wall-1', 1],
    ['https://vk.com/wall-1?own=1', 1],
    ['https://vk.com/wall-1?offset=last&f=replies', 1],
    ['https://vk.com/club1/', 1],
    ['https://vk.com/club1?from=search#top', 1],
    ['vk.com/club1&from=search', 1],
    ['https://vk.com/club1?z=photo-1_2%2Fwall-1_3', 1],
    ['https://vk.com:443/club1', 1],
    ['"https://vk.com/club1",', 1],
    ['\ufeff\u200bclub1\u200e', 1],
    ['-225000000', 225_000_000],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
  ])('%j', (line, id) => expect(parseReference(line)).toEqual(community(id)));

  test('every host and scheme', () => {
    for (const host of HOSTS) {
      for (const scheme of SCHEMES) {
        expect(parseReference(`${scheme}${host}/public7`)).toEqual(community(7));
        expect(parseReference(`${scheme}${host}/ApiClub`)).toEqual(name('apiclub'));
      }
    }
  });
});

describe('a short name is read from', () => {
  test.each([
    ['apiclub', 'apiclub'],
    ['@ApiClub', 'apiclub'],
    ['*apiclub', 'apiclub'],
    ['z', 'z'],
    ['my.club_1', 'my.club_1'],
    ['1tv', '1tv'],
    ['club1x', 'club1x'],
    ['ideas', 'ideas'],
    ['id1x', 'id1x'],
    ['wallpapers', 'wallpapers'],
    ['application', 'application'],
    ['@apiclub (Клуб)', 'apiclub'],
    ['[apiclub|Клуб]', 'apiclub'],
    ['https://vk.com/@apiclub', 'apiclub'],
    ['https://vk.com/%61piclub', 'apiclub'],
    ['vk.me/apiclub', 'apiclub'],
  ])('%j', (line, screenName) => expect(parseReference(line)).toEqual(name(screenName)));
});

describe('a post is read from', () => {
  test.each([
    ['wall-1_2', -1, 2],
    ['https://vk.com/wall-1_2', -1, 2],
    ['https://m.vk.com/wall-1_2?reply=3', -1, 2],
    ['https://vk.com/wall-1_2?reply=5&thread=3', -1, 2],
    ['wall-1_2_r3', -1, 2],
    ['https://vk.com/apiclub?w=wall-1_2', -1, 2],
    ['https://vk.com/apiclub?w=wall-1_2_r3', -1, 2],
    ['https://vk.com/apiclub?w=wall-1_2%2Fall', -1, 2],
    ['vk.com/feed?w=wall-1_2', -1, 2],
    ['vk.com/feed?section=x&w=WALL-1_2', -1, 2],
    ['https://vk.com/?w=wall-1_2', -1, 2],
    ['https://vk.com/id5?w=wall-1_2', -1, 2],
    ['https://vk.com/feed#w=wall-1_2', -1, 2],
    ['https://vk.com/wall%2D1_2', -1, 2],
    ['[https://vk.com/wall-1_2|запись]', -1, 2],
  ])('%j', (line, ownerId, postId) => expect(parseReference(line)).toEqual(post(ownerId, postId)));
});

describe('is refused with its reason', () => {
  test.each([
    ['vk1.a.FAKE-token_of-nobody', 'token_pasted'],
    ['vk2.a.FAKE', 'token_pasted'],
    ['access_token=FAKE', 'token_pasted'],
    ['https://oauth.vk.ru/blank.html#access_token=FAKE&expires_in=86400', 'token_pasted'],
    ['https://vk.com/club1?access_token%3DFAKE', 'token_pasted'],
    ['0123456789abcdef'.repeat(6).slice(0, 85), 'token_pasted'],
    ['[secret]', 'token_pasted'],
    ['', 'bad_reference'],
    [' \u200b ', 'bad_reference'],
    ['0', 'bad_reference'],
    ['-0', 'bad_reference'],
    ['club0', 'bad_reference'],
    ['9007199254740993', 'bad_reference'],
    ['club99999999999999999999999', 'bad_reference'],
    ['wall-1_99999999999999999999', 'bad_reference'],
    ['--1', 'bad_reference'],
    ['1.5e3-', 'bad_reference'],
    ['https://vk.com', 'bad_reference'],
    ['https://vk.com/', 'bad_reference'],
    ['https://example.com/club1', 'bad_reference'],
    ['https://vk.com@example.com/club1', 'bad_reference'],
    ['https://vk.com.example.com/club1', 'bad_reference'],
    ['https://example.com/?u=vk.com/club1', 'bad_reference'],
    ['javascript://vk.com/club1', 'bad_reference'],
    ['https://vk.cc/x', 'bad_reference'],
    ['vkvideo.ru/@apiclub', 'bad_reference'],
    ['Клуб любителей', 'bad_reference'],
    ['ａｐｉｃｌｕｂ', 'bad_reference'],
    ['two words', 'bad_reference'],
    ['...', 'bad_reference'],
    ['x'.repeat(65), 'bad_reference'],
    [`${','.repeat(1e6)}x`, 'bad_reference'],
    ['\ud800', 'bad_reference'],
    ['id1', 'a_person'],
    ['https://vk.com/id1', 'a_person'],
    ['[id1|Павел]', 'a_person'],
    ['@id1 (Павел)', 'a_person'],
    ['wall1_2', 'a_person'],
    ['https://vk.com/wall1', 'a_person'],
    ['vk.com/feed?w=wall1_2', 'a_person'],
    ['app123', 'not_a_community'],
    ['vk.com/app7654321_-1', 'not_a_community'],
    ['albums-1', 'not_a_community'],
    ['album-1_00', 'not_a_community'],
    ['photo-1_2', 'not_a_community'],
    ['topic-1_2', 'not_a_community'],
    ['board1', 'not_a_community'],
    ['video-1_2', 'not_a_community'],
    ['videos-1', 'not_a_community'],
    ['clip-1_2', 'not_a_community'],
    ['clips-1', 'not_a_community'],
    ['market-1', 'not_a_community'],
    ['product-1_2', 'not_a_community'],
    ['https://vk.com/doc1_2?hash=x', 'not_a_community'],
    ['story-1_2', 'not_a_community'],
    ['page-1_2', 'not_a_community'],
    ['@apiclub-article', 'not_a_community'],
    ['https://vk.com/@-1-article', 'not_a_community'],
    ['https://vk.com/feed', 'not_a_community'],
    ['https://vk.com/away.php?to=https%3A%2F%2Fvk.com%2Fclub1', 'not_a_community'],
    ['https://vk.com/music/playlist/1', 'not_a_community'],
  ])('%j: %s', (line, kind) =>
    expect(parseReference(line)).toMatchObject({ type: 'rejected', kind }),
  );
});

test('any text at all gives an answer, and what is usable has a usable number or name', () => {
  const forms = 'vk.com https:// / ?w= wall -1 _2 [ | ] @ %2 # club'.split(' ');
  const pieces = fc.constantFrom(...forms);
  const text = fc.array(fc.oneof(pieces, fc.string({ unit: 'binary' }))).map((a) => a.join(''));
  fc.assert(
    fc.property(text, (line) => {
      const reference = parseReference(line);
      if (reference.type === 'community') expect(reference.id).toBeGreaterThan(0);
      if (reference.type === 'name') expect(reference.screenName).toMatch(/^[a-z\d_.]{1,64}$/);
      if (reference.type === 'post') expect(reference.ownerId).toBeLessThan(0);
    }),
    { numRuns: 2_000 },
  );
});

test('every writing of one community has the same key', () => {
  const id = fc.integer({ min: 1, max: 2 ** 31 });
  fc.assert(
    fc.property(id, (id) => {
      const writings = [`${id}`, `-${id}`, `club${id}`, `public${id}`, `event${id}`, `wall-${id}`];
      const links = writings.slice(2).map((page) => `https://m.vk.ru/${page.toUpperCase()}/?a=b`);
      const mentions = [`[club${id}|x]`, `@public${id} (x)`];
      for (const line of [...writings, ...links, ...mentions]) {
        const reference = parseReference(line);
        expect(reference.type === 'rejected' ? line : referenceKey(reference)).toBe(`club${id}`);
      }
    }),
  );
});

test('posts and names have keys of their own', () => {
  expect(referenceKey(post(-1, 2))).toBe('wall-1_2');
  expect(referenceKey(name('apiclub'))).toBe('apiclub');
});

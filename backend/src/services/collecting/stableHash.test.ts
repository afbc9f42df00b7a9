import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { stableHash } from './stableHash';

const photo = (overrides: object = {}) => ({
  type: 'photo',
  photo: {
    id: 5,
    owner_id: -1,
    access_key: 'a1',
    text: 'Подпись',
    sizes: [{ type: 'x', width: 604, height: 453, url: 'https://sun1.example/a.jpg?sign=1' }],
    ...overrides,
  },
});

describe('what VK changes by itself counts for nothing', () => {
  test('signed addresses of media and keys of access', () => {
    const later = photo({
      access_key: 'b2',
      sizes: [{ type: 'x', width: 604, height: 453, url: 'https://sun9.example/a.jpg?sign=2' }],
    });
    expect(stableHash({ attachments: [later] })).toBe(stableHash({ attachments: [photo()] }));
  });

  test('a flag as number or boolean, and the order of keys', () => {
    const before = { geo: { type: 'point', showmap: 1 }, text: 'а' };
    const after = { text: 'а', geo: { showmap: true, type: 'point' } };
    expect(stableHash(after)).toBe(stableHash(before));
  });

  test('and nothing at all changes the hash of one content read twice', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const again: unknown = JSON.parse(JSON.stringify(value));
        expect(stableHash(again)).toBe(stableHash(value));
        expect(Number.isSafeInteger(stableHash(value))).toBe(true);
      }),
    );
  });
});

describe('an edit counts', () => {
  const content = {
    text: 'Было',
    likes: 3,
    editedAt: null as Date | null,
    date: new Date(1_000),
    attachments: [photo(), { type: 'link', link: { url: 'https://example.com/1', title: 'Один' } }],
  };
  const [first, link] = content.attachments;
  const edits: Record<string, object> = {
    'of the text': { text: 'Стало' },
    'of a text that is nothing but a link': { text: 'https://example.com/2' },
    'of a counter': { likes: 4 },
    'that shows only in its time': { editedAt: new Date(5_000) },
    'of the date': { date: new Date(2_000) },
    'of a caption': { attachments: [photo({ text: 'https://example.com/3' }), link] },
    "of a link's address": {
      attachments: [first, { type: 'link', link: { url: 'https://example.com/2', title: 'Один' } }],
    },
    'of the order of attachments': { attachments: [link, first] },
    'that takes an attachment away': { attachments: [first] },
  };

  for (const [name, edit] of Object.entries(edits)) {
    test(name, () => {
      expect(stableHash({ ...content, ...edit })).not.toBe(stableHash(content));
    });
  }

  test('from one link to another where there is nothing but a link', () => {
    const of = (text: string): number => stableHash({ ...content, text });
    expect(of('https://example.com/1')).not.toBe(of('https://example.com/2'));
  });
});

import { describe, expect, test } from 'bun:test';
import { eraseInJson, eraseInReference, eraseInText } from './withoutPeople';

const erased = { has: (id: number) => id === 12 };

describe('a text', () => {
  test.each([
    ['[id12|Анна], да', '[…], да'],
    ['[id12:bp-1_2|Анна], да', '[…], да'],
    ['[https://vk.com/id12|она]', '[…]'],
    ['@id12 (Анна) и *id12', '[…] и […]'],
    ['смотри https://m.vk.com/id12?from=x там', 'смотри […] там'],
    ['vk.ru/wall12_5', '[…]'],
    ['https://vk.com/feed?w=wall12_5', '[…]'],
    ['https://vk.com/photo12_34', '[…]'],
  ])('loses a mention: %s', (text, without) => {
    expect(eraseInText(text, erased)).toBe(without);
  });

  test.each([
    '[id123|Анна] [id1|Анна] [id112|Анна]',
    '@id123 (Анна) x@id12 @id12a',
    'vk.com/id1234 vk.com/wall-12_5 vk.com/club12 vk.com/liquid12',
    '[club12|Клуб]',
    'в 12 часов, id12 и 12_5',
  ])('keeps what means somebody else: %s', (text) => {
    expect(eraseInText(text, erased)).toBe(text);
  });

  test('that was pasted as a reference loses a bare id too', () => {
    expect(eraseInReference('id12', erased)).toBe('[…]');
    expect(eraseInReference('id123 club12 12', erased)).toBe('id123 club12 12');
  });
});

describe('an object of VK', () => {
  test('of the person goes as a whole, wherever it stands', () => {
    const photo = { type: 'photo', photo: { id: 5, owner_id: 12, text: 'моё' } };
    const uploaded = { type: 'photo', photo: { id: 5, owner_id: -1, user_id: 12 } };
    const reply = { id: 9, from_id: 12, text: 'слова' };
    expect(
      eraseInJson(
        [photo, uploaded, { thread: { items: [reply, { id: 10, from_id: 3 }] } }],
        erased,
      ),
    ).toEqual([
      { type: 'photo', photo: { erased: true } },
      { type: 'photo', photo: { erased: true } },
      { thread: { items: [{ erased: true }, { id: 10, from_id: 3 }] } },
    ]);
    expect(eraseInJson({ id: 12, first_name: 'Анна' }, erased)).toEqual({ erased: true });
    expect(eraseInJson({ url: 'https://vk.com/id12', title: 'Анна' }, erased)).toEqual({
      erased: true,
    });
  });

  test('of somebody else only loses the name', () => {
    const post = { from_id: -1, signer_id: 12, user_ids: [11, 12], text: '[id12|Анна]!' };
    expect(eraseInJson(post, erased)).toEqual({ from_id: -1, user_ids: [11], text: '[…]!' });
  });

  test('that has the same number as the person is not the person', () => {
    const others = { id: 12, owner_id: -12, post_id: 12, count: 12, from_id: 123, list: [12] };
    expect(eraseInJson(others, erased)).toEqual(others);
  });
});

import { expect, test } from 'bun:test';
import { declineFirstName, declineLastName } from './nameCase';

const CASES = ['nom', 'gen', 'dat', 'acc', 'ins', 'abl'] as const;

const firstNames: Record<string, string> = {
  Анна: 'Анны Анне Анну Анной Анне',
  Ольга: 'Ольги Ольге Ольгу Ольгой Ольге',
  Зоя: 'Зои Зое Зою Зоей Зое',
  Юлия: 'Юлии Юлии Юлию Юлией Юлии',
  Артём: 'Артёма Артёму Артёма Артёмом Артёме',
  Матвей: 'Матвея Матвею Матвея Матвеем Матвее',
  Лев: 'Льва Льву Льва Львом Льве',
  Пётр: 'Петра Петру Петра Петром Петре',
};
for (const [name, forms] of Object.entries(firstNames)) {
  test(`${name} has its six cases`, () => {
    expect(CASES.map((nameCase) => declineFirstName(name, nameCase)).join(' ')).toBe(
      `${name} ${forms}`,
    );
  });
}

const lastNames: Record<string, string> = {
  Ветрова: 'Ветровой Ветровой Ветрову Ветровой Ветровой',
  Лисицын: 'Лисицына Лисицыну Лисицына Лисицыным Лисицыне',
};
for (const [name, forms] of Object.entries(lastNames)) {
  test(`${name} has its six cases`, () => {
    expect(CASES.map((nameCase) => declineLastName(name, nameCase)).join(' ')).toBe(
      `${name} ${forms}`,
    );
  });
}

test('what is no Russian name stays as it is', () => {
  for (const name of ['DELETED', '«О’Нил, "Кавычка"»', 'Ветров 🦉', '']) {
    expect(declineFirstName(name, 'gen')).toBe(name);
    expect(declineLastName(name, 'gen')).toBe(name);
  }
});

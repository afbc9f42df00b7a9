import { expect, test } from 'bun:test';
import { createReplySizes } from './replySizes';

const call = (groupKey: string, method = 'wall.get') => ({ method, groupKey });
const calls = (count: number, groupKey: string) =>
  Array.from({ length: count }, () => call(groupKey));
const text = (bytes: number) => 'x'.repeat(bytes - 2);

test('what nothing is known of fits', () => {
  expect(createReplySizes(1_000).fit(calls(25, 'a'))).toBe(true);
});

test('calls fit while the sum of what is expected of them does', () => {
  const sizes = createReplySizes(1_000);
  sizes.learn(call('a'), text(300));
  expect(sizes.fit(calls(3, 'a'))).toBe(true);
  expect(sizes.fit(calls(4, 'a'))).toBe(false);
});

test('a group has its own size, a new one that of the method', () => {
  const sizes = createReplySizes(1_000);
  sizes.learn(call('heavy'), text(800));
  sizes.learn(call('light'), text(10));
  expect(sizes.fit(calls(20, 'light'))).toBe(true);
  expect(sizes.fit(calls(2, 'heavy'))).toBe(false);
  expect(sizes.fit(calls(2, 'new'))).toBe(false);
  expect(sizes.fit([call('heavy'), call('x', 'wall.getComments')])).toBe(true);
});

test('larger replies count at once, smaller ones by and by', () => {
  const sizes = createReplySizes(1_000);
  sizes.learn(call('a'), text(800));
  sizes.learn(call('a'), text(10));
  expect(sizes.fit(calls(2, 'a'))).toBe(false);
  for (let i = 0; i < 20; i++) sizes.learn(call('a'), text(10));
  expect(sizes.fit(calls(25, 'a'))).toBe(true);
});

test("VK's own limit holds however much we would take", () => {
  const sizes = createReplySizes(1e9);
  sizes.learn(call('a'), text(400_000));
  expect(sizes.fit(calls(11, 'a'))).toBe(true);
  expect(sizes.fit(calls(13, 'a'))).toBe(false);
});

test('letters beyond ASCII count by their bytes', () => {
  const sizes = createReplySizes(1_000);
  sizes.learn(call('a'), 'ё'.repeat(300));
  expect(sizes.fit(calls(2, 'a'))).toBe(false);
});

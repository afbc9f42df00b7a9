import { describe, expect, test } from 'bun:test';
import { createPasswords } from './passwords';

const passwords = createPasswords({ memoryKib: 64, passes: 1 });

describe('a password', () => {
  test('is kept as argon2id with what it cost, and is never kept the same twice', async () => {
    const hashes = await Promise.all([passwords.hash('gr8 horse'), passwords.hash('gr8 horse')]);
    for (const hash of hashes) expect(hash).toStartWith('$argon2id$v=19$m=64,t=1,p=1$');
    expect(hashes[0]).not.toBe(hashes[1]);
    expect(await passwords.verify('gr8 horse', hashes[0])).toBe(true);
    expect(await passwords.verify('gr8 horse ', hashes[0])).toBe(false);
  });

  test('is the same however its characters are composed', async () => {
    const hash = await passwords.hash('e\u0301tude ёжик');
    expect(await passwords.verify('\u00e9tude е\u0308жик', hash)).toBe(true);
  });

  test('that was hashed at another cost is still known', async () => {
    const hash = await createPasswords({ memoryKib: 128, passes: 2 }).hash('gr8 horse');
    expect(await passwords.verify('gr8 horse', hash)).toBe(true);
  });

  test('of nobody matches nothing', async () => {
    expect(await passwords.verify('', null)).toBe(false);
    expect(await passwords.verify('gr8 horse', null)).toBe(false);
  });
});

test('of 60 passwords at once 52 are hashed and the others told to come again', async () => {
  const results = await Promise.allSettled(
    Array.from({ length: 60 }, () => passwords.hash('gr8 horse')),
  );
  const refused = results.filter((result) => result.status === 'rejected');
  expect(refused).toHaveLength(8);
  expect(refused[0]?.reason).toMatchObject({ code: 'too_many_requests', retryAfterS: 5 });
});

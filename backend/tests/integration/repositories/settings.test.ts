import { afterAll, beforeAll, expect, test } from 'bun:test';
import { openRepositories, type Repositories } from './openRepositories';

let repositories: Repositories;

beforeAll(async () => {
  repositories = await openRepositories();
});
afterAll(() => repositories.close());

test('the VK host of a database is remembered once, also if two ask at the same time', async () => {
  const { settingsRepository } = repositories;
  const hosts = await Promise.all(
    ['api.vk.ru', '127.0.0.1:8080', 'api.vk.ru', 'vk.example'].map((host) =>
      settingsRepository.rememberVkHost(host),
    ),
  );
  expect(new Set(hosts).size).toBe(1);
  expect(await settingsRepository.rememberVkHost('other.example')).toBe(hosts[0] ?? '');
});

import { expect, test } from 'bun:test';
import { parseDeletedThing } from './deletedThing';

const post = { ownerId: -1, postId: 2, commentId: null, rootId: null };

test('posts, comments and replies are told from their links', () => {
  expect(parseDeletedThing('wall-1_2')).toEqual(post);
  expect(parseDeletedThing('https://vk.com/feed?w=wall-1_2')).toEqual(post);
  expect(parseDeletedThing('https://vk.com/wall-1_2?reply=3')).toEqual({ ...post, commentId: 3 });
  expect(parseDeletedThing('https://vk.ru/wall-1_2?reply=5&thread=3')).toEqual({
    ...post,
    commentId: 5,
    rootId: 3,
  });
  expect(parseDeletedThing('vk.com/apiclub?w=wall-1_2_r3')).toEqual({ ...post, commentId: 3 });
});

test('what is neither is no deleted thing', () => {
  for (const link of ['', 'apiclub', 'wall-1', 'https://vk.com/photo-1_2']) {
    expect(parseDeletedThing(link)).toBeNull();
  }
});

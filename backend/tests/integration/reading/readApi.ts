import { expect } from 'bun:test';
import type { ProblemDetails } from '@stenograf/contracts/api';
import type { CommentDto, FoundListDto, PostDto } from '@stenograf/contracts/reading';
import type { TestApi } from '../http/startApi';

export type Parameters = Record<string, string | number | readonly (string | number)[]>;

const toQuery = (parameters: Parameters): string => {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    for (const single of [value].flat()) query.append(name, String(single));
  }
  return query.size === 0 ? '' : `?${query.toString()}`;
};

/** The API as those who read use it. */
export const createReader = (api: TestApi) => {
  const read = async <T>(
    path: string,
    parameters: Parameters = {},
    language = 'en',
  ): Promise<T> => {
    const response = await api.send(`${path}${toQuery(parameters)}`, {
      headers: { 'accept-language': language },
    });
    const body = (await response.json()) as T;
    expect({ status: response.status, body }).toEqual({ status: 200, body });
    return body;
  };

  const refuse = async (path: string, parameters: Parameters = {}): Promise<ProblemDetails> => {
    const response = await api.send(`${path}${toQuery(parameters)}`);
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(response.status).toBeLessThan(500);
    return (await response.json()) as ProblemDetails;
  };

  /** All pages of a list, one after the other. */
  const readAll = async <T>(path: string, parameters: Parameters = {}): Promise<T[]> => {
    const items: T[] = [];
    let cursor: string | null = null;
    do {
      const page: { items: T[]; next: string | null } = await read(path, {
        ...parameters,
        ...(cursor === null ? {} : { cursor }),
      });
      items.push(...page.items);
      cursor = page.next;
    } while (cursor !== null);
    return items;
  };

  return {
    read,
    refuse,
    readAll,
    posts: (parameters: Parameters) => read<FoundListDto<PostDto>>('/posts', parameters),
    comments: (parameters: Parameters) => read<FoundListDto<CommentDto>>('/comments', parameters),
  };
};

export type Reader = ReturnType<typeof createReader>;

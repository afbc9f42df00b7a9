import { join } from 'node:path';

const FOLDER = join(import.meta.dir, '../../fixtures/vk-samples');

/** Replies recorded from VK: name of the file, and the definition that the schema has for them. */
export const RECORDINGS: Readonly<Record<string, string>> = {
  'wall.get-pinned-first': 'wall/responses#wall_get_response',
  'wall.get-extended-podcast': 'wall/responses#wall_get_extended_response',
  'wall.get-repost-geo-poll': 'wall/responses#wall_get_response',
  'wall.getById-extended': 'wall/responses#wall_getById_extended_response',
  'wall.getComments-deleted-stub': 'wall/responses#wall_getComments_response',
};

export const readRecording = (name: string): Promise<unknown> =>
  Bun.file(join(FOLDER, `${name}.json`)).json();

/** A post in a repost is a post, a reply in a thread a comment: their keys are looked up alike. */
export const normalisePath = (path: string): string =>
  path
    .replace(/^response\.?/, '')
    .replaceAll('.copy_history[]', '')
    .replaceAll('.thread.items[]', '');

/** Every key of a value by its path, with the types of what stands there. */
export const typesByPath = (value: unknown, path = ''): Map<string, Set<string>> => {
  const types = new Map<string, Set<string>>();
  const visit = (inner: unknown, at: string): void => {
    const known = types.get(normalisePath(at)) ?? new Set<string>();
    types.set(normalisePath(at), known);
    if (Array.isArray(inner)) {
      known.add('list');
      for (const entry of inner) visit(entry, `${at}[]`);
    } else if (typeof inner === 'object' && inner !== null) {
      known.add('object');
      for (const [key, entry] of Object.entries(inner))
        visit(entry, at === '' ? key : `${at}.${key}`);
    } else {
      known.add(inner === null ? 'null' : typeof inner);
    }
  };
  visit(value, path);
  return types;
};

/** Methods whose replies of 2025 were kept as keys and types, with these shapes. */
export const readShapes = async (): Promise<Map<string, unknown>> => {
  const shapes = (await readRecording('shapes-2025')) as Record<string, unknown>;
  return new Map(Object.entries(shapes).filter(([method]) => !method.startsWith('_')));
};

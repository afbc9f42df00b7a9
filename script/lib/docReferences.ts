import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Glob } from 'bun';

export interface Tree {
  /** Absolute path of the project. */
  readonly root: string;
  /** Names at its top that belong to the project, so that `text/html` is not taken for a path. */
  readonly topNames: ReadonlySet<string>;
}

export interface MissingReference {
  readonly document: string;
  readonly line: number;
  readonly path: string;
}

const CODE_SPAN = /`([^`\n]+)`/g;
const LINK = /\]\(([^)\s#]+)(?:#[^)]*)?\)/g;
const FENCE = /^\s*(```|~~~)/;
const PLACEHOLDER = /[<>…$]|\.\.\.$/;

/** A command is cited by its first word, a place in a file by what stands before the colon. */
const toPath = (code: string): string =>
  (code.trim().split(/\s/)[0] ?? '').replace(/:\d+(-\d+)?$/, '').replace(/\/$/, '');

const isProjectPath = (path: string, { topNames }: Tree): boolean => {
  if (PLACEHOLDER.test(path)) return false;
  const [top = ''] = path.split('/');
  return topNames.has(top) || /^\w[\w-]*\.md$/.test(path);
};

const exists = (path: string, base: string): boolean => {
  if (!/[*{]/.test(path)) return existsSync(join(base, path));
  const matches = new Glob(path).scanSync({ cwd: base, onlyFiles: false, dot: true });
  return matches.next().done !== true;
};

const listMissingInLine = (line: string, document: string, tree: Tree): string[] => {
  const beside = join(tree.root, dirname(document));
  const cited = [...line.matchAll(CODE_SPAN)]
    .map(([, code = '']) => toPath(code))
    .filter((path) => isProjectPath(path, tree))
    .filter((path) => !exists(path, tree.root) && !exists(path, beside));
  const linked = [...line.replaceAll(CODE_SPAN, '').matchAll(LINK)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/i.test(target))
    .filter((target) => !exists(target, beside));
  return [...cited, ...linked];
};

/** Every path that the document cites in backticks or links to, and that does not exist. */
export const listMissingReferences = (
  document: string,
  text: string,
  tree: Tree,
): MissingReference[] => {
  let isFenced = false;
  return text.split('\n').flatMap((line, index) => {
    if (FENCE.test(line)) isFenced = !isFenced;
    if (isFenced) return [];
    return listMissingInLine(line, document, tree).map((path) => ({
      document,
      line: index + 1,
      path,
    }));
  });
};

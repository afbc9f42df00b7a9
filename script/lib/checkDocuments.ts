import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listMissingReferences } from './docReferences';

/** Start file: fails when a document of the project cites a path that does not exist. */
const root = join(import.meta.dir, '..', '..');

/** Files of the project, also new ones; not what is ignored, such as node_modules. */
const listProjectFiles = (): string[] => {
  const git = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const { stdout } = spawnSync('git', git, { cwd: root, encoding: 'utf8' });
  return [...new Set(stdout.split('\0').filter((path) => path !== ''))];
};

const readIfThere = (path: string): string => {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch {
    return '';
  }
};

const files = listProjectFiles();
const tree = { root, topNames: new Set(files.map((path) => path.split('/')[0] ?? path)) };
const missing = files
  .filter((path) => path.endsWith('.md'))
  .flatMap((path) => listMissingReferences(path, readIfThere(path), tree));

for (const { document, line, path } of missing) {
  console.log(`${document}:${line} cites ${path}, which does not exist.`);
}
process.exitCode = missing.length === 0 ? 0 : 1;

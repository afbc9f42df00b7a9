import { Glob } from 'bun';

/** Folders whose tests need services, processes or time. */
const NEEDS_SERVICES = /^(backend|cli|sandbox)\/tests\/|\/integration\//;

const listFiles = (root: string, pattern: string): string[] =>
  [...new Glob(`{backend,bench,cli,contracts,sandbox,script}/**/${pattern}`).scanSync(root)]
    .filter((path) => !path.includes('node_modules/'))
    .sort();

export const listAllTests = (root: string): string[] => listFiles(root, '*.test.ts');

/** Tests that stand beside what they test and run within this process alone. */
export const listUnitTests = (root: string): string[] =>
  listAllTests(root).filter((path) => !NEEDS_SERVICES.test(path));

export const listSoakRuns = (root: string): string[] => listFiles(root, '*.soak.ts');

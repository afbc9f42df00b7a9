import { Glob } from 'bun';

/** Folders whose tests need services, processes or time. */
const NEEDS_SERVICES = /^(backend|cli|sandbox)\/tests\/|\/integration\//;

/**
 * They assert that VK's limit is kept as the sandbox in their midst sees it, or how close to it they
 * come: on busy processors requests arrive bunched that were sent well apart.
 */
export const RUN_ALONE: readonly string[] = [
  'backend/tests/chaos/chaos.test.ts',
  'backend/tests/e2e/limits.test.ts',
  'backend/tests/integration/vkApi/rateLimiter.test.ts',
  'cli/tests/commands/demo.test.ts',
];

const listFiles = (root: string, pattern: string): string[] =>
  [...new Glob(`{backend,bench,cli,contracts,sandbox,script}/**/${pattern}`).scanSync(root)]
    .filter((path) => !path.includes('node_modules/'))
    .sort();

export const listAllTests = (root: string): string[] => listFiles(root, '*.test.ts');

/** Tests that stand beside what they test and run within this process alone. */
export const listUnitTests = (root: string): string[] =>
  listAllTests(root).filter((path) => !NEEDS_SERVICES.test(path));

export const listSoakRuns = (root: string): string[] => listFiles(root, '*.soak.ts');

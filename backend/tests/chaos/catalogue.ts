import { FAULTS } from './faults/allFaults';

/** Faults that another test shows already: its file under `backend`, and words of its name. */
interface ShownElsewhere {
  id: string;
  name: string;
  file: string;
  test: string;
}

const ELSEWHERE: readonly ShownElsewhere[] = [
  {
    id: 'F31',
    name: 'several processes migrate at once',
    file: 'tests/integration/schema/migrations.test.ts',
    test: 'four processes and four connections at once run each migration once',
  },
  {
    id: 'F25b',
    name: 'the schema is older than the program',
    file: 'tests/integration/schema/migrations.test.ts',
    test: 'a schema that lacks one migration is refused as too old',
  },
  {
    id: 'F25c',
    name: 'the schema is newer than the program',
    file: 'tests/integration/schema/migrations.test.ts',
    test: 'a schema newer than the program is refused',
  },
  {
    id: 'F35',
    name: 'VK answers error 29 or 14 again and again',
    file: 'tests/e2e/faultsThatStay.test.ts',
    test: 'what is held against a token makes the task wait and go on from there:',
  },
  {
    id: 'F37',
    name: 'VK answers errors 9, 20, 21, 27, 28 or 1051',
    file: 'tests/e2e/faultsThatStay.test.ts',
    test: 'a token that cannot go on is helped out or rests a moment:',
  },
  {
    id: 'F39',
    name: 'VK answers that a wall cannot be read',
    file: 'tests/e2e/faults.test.ts',
    test: 'what VK says of a wall is the reason of its target:',
  },
  {
    id: 'F40',
    name: 'VK finds an answer too big',
    file: 'tests/e2e/faults.test.ts',
    test: 'a pack too large to answer',
  },
  {
    id: 'F47',
    name: 'posts and comments come and go while they are read',
    file: 'tests/e2e/mutation.test.ts',
    test: 'are stored with all that stayed',
  },
];

/** How the suite shows what is no run under one fault. */
const HERE: readonly Pick<ShownElsewhere, 'id' | 'name'>[] = [
  { id: 'F02', name: 'a worker is killed at its n-th operation' },
];

/** Every named fault, and the file under `backend` that shows it. */
export const CATALOGUE: readonly Omit<ShownElsewhere, 'test'>[] = [
  ...[...FAULTS, ...HERE].map(({ id, name }) => ({ id, name, file: 'tests/chaos/chaos.test.ts' })),
  ...ELSEWHERE,
];

export const SHOWN_ELSEWHERE = ELSEWHERE;

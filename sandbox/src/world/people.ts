import type { User } from './model';
import { inventName, transliterate } from './names';
import { createRandom } from './random';

const FIRST_USER_ID = 1_000_001;
/** Above 2^31: VK's ids are 64-bit. */
const LARGE_USER_ID = 2_314_000_000;

const deactivation = (index: number): User['deactivated'] => {
  if (index % 40 === 13) return 'deleted';
  return index % 40 === 27 ? 'banned' : null;
};

const inventUser = (seed: number, index: number): User => {
  const random = createRandom(seed, `user ${index}`);
  const deactivated = deactivation(index);
  const { sex, firstName, lastName } =
    deactivated === 'deleted'
      ? { sex: 1 as const, firstName: 'DELETED', lastName: '' }
      : inventName(random);
  const hasShortName = deactivated === null && random.chance(0.4);
  return {
    id: (index % 50 === 49 ? LARGE_USER_ID : FIRST_USER_ID) + index * 7,
    firstName: index === 2 ? '«О’Нил, "Кавычка"»' : firstName,
    lastName: index === 3 ? `${lastName} 🦉` : lastName,
    latin: { firstName: transliterate(firstName), lastName: transliterate(lastName) },
    screenName: hasShortName ? `${transliterate(lastName).toLowerCase()}_${index}` : null,
    deactivated,
    isClosed: random.chance(0.2),
    sex,
    leftOutOfProfiles: index === 5,
  };
};

/** Invented people; the first ones carry the quirks: awkward names, deactivated, left out. */
export const inventUsers = (seed: number, count: number): User[] =>
  Array.from({ length: count }, (_, index) => inventUser(seed, index));

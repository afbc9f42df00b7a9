import type { NamedFault } from '../rig/namedFault';
import { API_FAULTS } from './apiFaults';
import { CLOCK_FAULTS } from './clockFaults';
import { DELIVERY_FAULTS } from './deliveryFaults';
import { POSTGRES_FAULTS } from './postgresFaults';
import { PROCESS_FAULTS } from './processFaults';
import { REDIS_FAULTS } from './redisFaults';
import { VK_FAULTS } from './vkFaults';

/** Every fault that the suite strikes by itself. */
export const FAULTS: readonly NamedFault[] = [
  ...PROCESS_FAULTS,
  ...API_FAULTS,
  ...POSTGRES_FAULTS,
  ...REDIS_FAULTS,
  ...DELIVERY_FAULTS,
  ...VK_FAULTS,
  ...CLOCK_FAULTS,
];

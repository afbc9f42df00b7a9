import { reapUnused } from './unusedServices';

/** Start file of the process that outlives killed users of the embedded services. */
const [home] = process.argv.slice(2);
if (home) await reapUnused(home);

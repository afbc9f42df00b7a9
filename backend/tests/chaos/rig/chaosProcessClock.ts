import { installSteppedClock } from './steppedClock';

// Imported before all else: a library that keeps the Date it found must find this one.
installSteppedClock();

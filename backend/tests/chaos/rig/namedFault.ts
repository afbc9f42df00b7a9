import type { Lane, Way } from './lane';

/** A fault that is struck by itself at least once, and what must hold under it. */
export interface NamedFault {
  id: string;
  /** What is done. */
  name: string;
  /** What must hold beside what holds after every run (`expectIntact`). */
  holds?: string;
  /** Lanes on which it makes sense; all by default. */
  ways?: readonly Way[];
  /** Takes so long that only a soak run strikes it. */
  isSlow?: boolean;
  run: (lane: Lane) => Promise<void>;
}

/** What a dispatcher must know of a target that may be due. */
export interface TargetHint {
  targetId: number;
  epoch: number;
  priority: number;
}

/** Where services hand hints to; at-least-once, order not kept. */
export interface TargetQueue {
  addHints(hints: TargetHint[]): Promise<void>;
}

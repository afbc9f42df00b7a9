import { OVERLAP, PAGE_COUNT } from '../collecting/walkState';

/** Pages that a walk over a list of so many items takes; a full last page needs one more. */
export const pagesOf = (items: number): number =>
  items < PAGE_COUNT
    ? 1
    : 1 + Math.max(1, Math.ceil((items - PAGE_COUNT) / (PAGE_COUNT - OVERLAP)));

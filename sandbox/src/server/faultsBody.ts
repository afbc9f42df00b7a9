import type { FaultKind } from './faults';

type PageFault = Extract<FaultKind, { kind: 'short-page' | 'wrong-count' }>;

interface Page {
  items: unknown[];
  count?: number;
  current_level_count?: number;
}

const isPage = (value: unknown): value is Page =>
  typeof value === 'object' && value !== null && 'items' in value && Array.isArray(value.items);

const distortPage = (page: Page, fault: PageFault): Page => {
  if (fault.kind === 'short-page') {
    const shown = Math.max(0, page.items.length - (fault.items ?? 1));
    return { ...page, items: page.items.slice(0, shown) };
  }
  const shift = (count: number | undefined) =>
    count === undefined ? undefined : Math.max(0, count + fault.by);
  // A count that is not there stays away: JSON leaves out what is undefined.
  return {
    ...page,
    count: shift(page.count),
    current_level_count: shift(page.current_level_count),
  } as Page;
};

const distort = (value: unknown, fault: PageFault): unknown => {
  if (isPage(value)) return distortPage(value, fault);
  // An `execute` that packs several calls answers with a list of what they answer.
  return Array.isArray(value) ? value.map((entry) => distort(entry, fault)) : value;
};

/** The body of a reply as a fault of its pages makes it; any other fault leaves it as it is. */
export const distortBody = (body: string, fault: FaultKind | null): string => {
  if (fault?.kind !== 'short-page' && fault?.kind !== 'wrong-count') return body;
  const envelope = JSON.parse(body) as { response?: unknown };
  if (!('response' in envelope)) return body;
  return JSON.stringify({ ...envelope, response: distort(envelope.response, fault) });
};

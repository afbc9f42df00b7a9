/** A piece of a query between spaces, or between quotation marks. */
export interface Token {
  isExcluded: boolean;
  /** Of `key:value`; only the keys that filters have. */
  key: FilterKey | null;
  isQuoted: boolean;
  /** Without sign, key and quotation marks. */
  text: string;
  /** As it was written. */
  part: string;
}

const FILTER_KEYS = ['author', 'community', 'since', 'until', 'has', 'is'] as const;
export type FilterKey = (typeof FILTER_KEYS)[number];

/** The hyphen of a keyboard, and the signs that phones and editors put in its place. */
const MINUS = /^[-‑–−](?=[^\s\-‑–−])/u;
const KEY = new RegExp(`^(${FILTER_KEYS.join('|')}):(?=\\S)`, 'i');
/** Each opening mark with those that may close it. */
const CLOSING: Readonly<Record<string, string>> = { '"': '"', '«': '»', '“': '”', '„': '“”' };

/** Length of the quotation at the start of `text`, marks included; one that is not closed goes on to the end. */
const quotationLength = (text: string): number | null => {
  const closing = CLOSING[text.charAt(0)];
  if (closing === undefined) return null;
  for (let at = 1; at < text.length; at++) {
    if (closing.includes(text.charAt(at))) return at + 1;
  }
  return text.length;
};

const isClosed = (quotation: string): boolean =>
  quotation.length > 1 && (CLOSING[quotation.charAt(0)]?.includes(quotation.slice(-1)) ?? false);

const unquote = (quotation: string): string =>
  quotation.slice(1, isClosed(quotation) ? -1 : undefined).trim();

/** Splits a query; takes any text. */
export const scanTokens = (query: string): Token[] => {
  const tokens: Token[] = [];
  let rest = query.trimStart();
  while (rest !== '') {
    const minus = MINUS.exec(rest)?.[0] ?? '';
    const keyed = KEY.exec(rest.slice(minus.length));
    const head = minus + (keyed?.[0] ?? '');
    const body = rest.slice(head.length);
    const quoted = quotationLength(body);
    const length = quoted ?? /^\S*/.exec(body)?.[0].length ?? 0;
    const written = body.slice(0, length);
    tokens.push({
      isExcluded: minus !== '',
      key: (keyed?.[1]?.toLowerCase() as FilterKey | undefined) ?? null,
      isQuoted: quoted !== null,
      text: quoted === null ? written : unquote(written),
      part: head + written,
    });
    rest = body.slice(length).trimStart();
  }
  return tokens;
};

import { compileFailure } from './failures';

export interface Token {
  kind: 'name' | 'number' | 'text' | 'symbol' | 'end';
  /** As written; '' at the end of the code. */
  source: string;
  /** What a literal stands for; '' for all other tokens. */
  value: string | number;
  /** Counted from 1. */
  line: number;
}

/** White space and comments of both kinds. */
const GAP = /(?:\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)+/y;
const NAME = /[A-Za-z_$][\w$]*/y;
const NUMBER = /(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const TEXT = /"[^"\\]*(?:\\[\s\S][^"\\]*)*"|'[^'\\]*(?:\\[\s\S][^'\\]*)*'/y;
const SYMBOL = /==|!=|<=|>=|&&|\|\||@\.|[-+*/%<>!=?:;,.()[\]{}]/y;

const ESCAPE = /\\(?:u([0-9a-fA-F]{4})|([\s\S]))/g;
const ESCAPED: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

const readText = (source: string): string =>
  source
    .slice(1, -1)
    .replace(ESCAPE, (_escape, hex: string | undefined, character: string | undefined) =>
      hex === undefined
        ? (ESCAPED[character ?? ''] ?? character ?? '')
        : String.fromCharCode(Number.parseInt(hex, 16)),
    );

const KINDS: readonly [
  Exclude<Token['kind'], 'end'>,
  RegExp,
  (source: string) => Token['value'],
][] = [
  ['name', NAME, () => ''],
  ['number', NUMBER, Number],
  ['text', TEXT, readText],
  ['symbol', SYMBOL, () => ''],
];

const matchAt = (pattern: RegExp, code: string, index: number): string => {
  pattern.lastIndex = index;
  return pattern.exec(code)?.[0] ?? '';
};

const countLines = (source: string): number => source.split('\n').length - 1;

const readToken = (code: string, index: number, line: number): Token => {
  for (const [kind, pattern, read] of KINDS) {
    const source = matchAt(pattern, code, index);
    if (source !== '') return { kind, source, value: read(source), line };
  }
  throw compileFailure(`unexpected '${code.charAt(index)}'`, line);
};

/** @throws VkFailure 12 at a character that begins no token; the last token is the end. */
export const tokenize = (code: string): Token[] => {
  const tokens: Token[] = [];
  let index = 0;
  let line = 1;
  for (;;) {
    const gap = matchAt(GAP, code, index);
    index += gap.length;
    line += countLines(gap);
    if (index >= code.length) break;
    const token = readToken(code, index, line);
    tokens.push(token);
    index += token.source.length;
    if (token.kind === 'text') line += countLines(token.source);
  }
  tokens.push({ kind: 'end', source: '', value: '', line });
  return tokens;
};

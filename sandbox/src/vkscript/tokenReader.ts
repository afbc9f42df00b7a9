import { compileFailure } from './failures';
import { tokenize, type Token } from './tokenize';

/** Deeper than any code that a person writes, and far from the end of the stack. */
const DEPTH_MAX = 200;

/** Walks through the tokens of one code, with the names that it has declared so far. */
export interface TokenReader {
  names: Set<string>;
  /** Whether the code has read a variable so far: without that, no value can be in two places. */
  readsNames: boolean;
  peek(): Token;
  next(): Token;
  /** Takes the next token when it is this symbol or word. */
  accept(source: string): boolean;
  /** @throws VkFailure 12 when the next token is another one */
  expect(source: string): void;
  /** @throws VkFailure 12 when the next token is no name */
  expectName(): string;
  /** @throws VkFailure 12 that says what was expected in place of the next token */
  fail(expected: string): never;
  /** @throws VkFailure 12 when the code is nested too deeply */
  nested<T>(read: () => T): T;
}

export const createTokenReader = (code: string): TokenReader => {
  const tokens = tokenize(code);
  let index = 0;
  let depth = 0;
  const peek = (): Token => tokens[index] ?? { kind: 'end', source: '', value: '', line: 1 };
  const next = (): Token => {
    const token = peek();
    index += 1;
    return token;
  };
  const fail = (expected: string): never => {
    const { source, line } = peek();
    throw compileFailure(`${expected} expected, '${source}' found`, line);
  };
  const accept = (source: string): boolean => {
    const token = peek();
    const isSame = token.source === source && (token.kind === 'symbol' || token.kind === 'name');
    if (isSame) index += 1;
    return isSame;
  };
  return {
    names: new Set(['Args']),
    readsNames: false,
    peek,
    next,
    accept,
    fail,
    expect: (source) => {
      if (!accept(source)) fail(`'${source}'`);
    },
    expectName: () => (peek().kind === 'name' ? next().source : fail('identifier')),
    nested: (read) => {
      depth += 1;
      if (depth > DEPTH_MAX) throw compileFailure('too deep nesting', peek().line);
      const result = read();
      depth -= 1;
      return result;
    },
  };
};

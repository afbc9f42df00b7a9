import { KEYWORDS, parseExpression } from './parseExpression';
import type { Expression, Statement } from './syntax';
import { createTokenReader, type TokenReader } from './tokenReader';

const parseTest = (reader: TokenReader): Expression => {
  reader.expect('(');
  const test = parseExpression(reader);
  reader.expect(')');
  return test;
};

const parseIf = (reader: TokenReader): Statement => {
  const test = parseTest(reader);
  const yes = parseStatement(reader);
  return { kind: 'if', test, yes, no: reader.accept('else') ? parseStatement(reader) : null };
};

const parseDeclaration = (reader: TokenReader): Statement => {
  if (KEYWORDS.has(reader.peek().source)) reader.fail('identifier');
  const name = reader.expectName();
  const value: Expression = reader.accept('=')
    ? parseExpression(reader)
    : { kind: 'literal', value: null };
  // Known from here on: its own value cannot name it.
  reader.names.add(name);
  return { kind: 'declare', name, value };
};

const parseDeclarations = (reader: TokenReader): Statement => {
  const body = [parseDeclaration(reader)];
  while (reader.accept(',')) body.push(parseDeclaration(reader));
  reader.expect(';');
  return { kind: 'block', body };
};

const parseBlock = (reader: TokenReader): Statement => {
  const body: Statement[] = [];
  while (!reader.accept('}')) {
    if (reader.peek().kind === 'end') reader.fail("'}'");
    body.push(parseStatement(reader));
  }
  return { kind: 'block', body };
};

const parseSimple = (reader: TokenReader): Statement => {
  const isReturn = reader.accept('return');
  const isDelete = !isReturn && reader.accept('delete');
  if (isReturn && reader.accept(';')) return { kind: 'return', value: NOTHING };
  const expression = parseExpression(reader);
  reader.expect(';');
  if (isReturn) return { kind: 'return', value: expression };
  return isDelete ? { kind: 'delete', target: expression } : { kind: 'do', expression };
};

const NOTHING: Expression = { kind: 'literal', value: null };

const parseStatement = (reader: TokenReader): Statement =>
  reader.nested(() => {
    if (reader.accept(';')) return { kind: 'block', body: [] };
    if (reader.accept('{')) return parseBlock(reader);
    if (reader.accept('if')) return parseIf(reader);
    if (reader.accept('while')) {
      return { kind: 'while', test: parseTest(reader), body: parseStatement(reader) };
    }
    return reader.accept('var') ? parseDeclarations(reader) : parseSimple(reader);
  });

export interface Program {
  body: readonly Statement[];
  /** Whether it reads variables, so that one value may come to stand in many places. */
  readsNames: boolean;
}

/** @throws VkFailure 12 in VK's words */
export const parseProgram = (code: string): Program => {
  const reader = createTokenReader(code);
  const body: Statement[] = [];
  while (reader.peek().kind !== 'end') body.push(parseStatement(reader));
  return { body, readsNames: reader.readsNames };
};

import { compileFailure } from './failures';
import type { BinaryOperator, Expression } from './syntax';
import type { Token } from './tokenize';
import type { TokenReader } from './tokenReader';

/** Weakest first. */
const BINARY_LEVELS: readonly (readonly BinaryOperator[])[] = [
  ['==', '!='],
  ['<', '<=', '>', '>='],
  ['+', '-'],
  ['*', '/', '%'],
];

const CONSTANTS: ReadonlyMap<string, true | false | null> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
]);

export const KEYWORDS: ReadonlySet<string> = new Set([
  'var',
  'if',
  'else',
  'while',
  'delete',
  'return',
  'API',
]);

/** Comma list up to `end`; one comma more than needed does no harm. */
const parseList = <T>(reader: TokenReader, end: string, parseItem: () => T): T[] => {
  const items: T[] = [];
  while (!reader.accept(end)) {
    items.push(parseItem());
    if (!reader.accept(',')) {
      reader.expect(end);
      break;
    }
  }
  return items;
};

const parseFieldName = (reader: TokenReader): string => {
  const { kind, value } = reader.peek();
  if (kind === 'name') return reader.next().source;
  if (kind !== 'text' && kind !== 'number') return reader.fail('identifier');
  reader.next();
  return String(value);
};

const parseRecord = (reader: TokenReader): Expression => ({
  kind: 'record',
  fields: parseList(reader, '}', () => {
    const name = parseFieldName(reader);
    reader.expect(':');
    return { name, value: parseExpression(reader) };
  }),
});

/** What follows `API`: section and method, and one object of parameters or none. */
const parseApiCall = (reader: TokenReader): Expression => {
  reader.expect('.');
  const section = reader.expectName();
  reader.expect('.');
  const method = `${section}.${reader.expectName()}`;
  reader.expect('(');
  if (reader.accept(')'))
    return { kind: 'apiCall', method, params: { kind: 'record', fields: [] } };
  const params = parseExpression(reader);
  reader.expect(')');
  return { kind: 'apiCall', method, params };
};

const parseConversion = (reader: TokenReader, to: 'parseInt' | 'parseDouble'): Expression => {
  reader.expect('(');
  const operand = parseExpression(reader);
  reader.expect(')');
  return { kind: 'parse', to, operand };
};

const parseNamed = (reader: TokenReader, { source, line }: Token): Expression => {
  const constant = CONSTANTS.get(source);
  if (constant !== undefined) return { kind: 'literal', value: constant };
  if (source === 'API') return parseApiCall(reader);
  if (source === 'parseInt' || source === 'parseDouble') return parseConversion(reader, source);
  if (!reader.names.has(source)) throw compileFailure(`undefined identifier '${source}'`, line);
  reader.readsNames = true;
  return { kind: 'variable', name: source };
};

const parsePrimary = (reader: TokenReader): Expression => {
  const token = reader.peek();
  if (token.kind === 'text' || token.kind === 'number') {
    return { kind: 'literal', value: reader.next().value };
  }
  if (token.kind === 'name' && (token.source === 'API' || !KEYWORDS.has(token.source))) {
    return parseNamed(reader, reader.next());
  }
  if (reader.accept('[')) {
    return { kind: 'list', items: parseList(reader, ']', () => parseExpression(reader)) };
  }
  if (reader.accept('{')) return parseRecord(reader);
  if (!reader.accept('(')) return reader.fail('expression');
  const inner = parseExpression(reader);
  reader.expect(')');
  return inner;
};

const parseMember = (reader: TokenReader, of: Expression): Expression => {
  const name = reader.expectName();
  if (!reader.accept('(')) {
    return { kind: 'field', of, key: { kind: 'literal', value: name }, isDotted: true };
  }
  const args = parseList(reader, ')', () => parseExpression(reader));
  return { kind: 'methodCall', of, method: name, args };
};

/** A value with all that hangs on it: `.name`, `[key]`, `@.name`, `.method(…)`. */
const parsePostfix = (reader: TokenReader): Expression => {
  let expression = parsePrimary(reader);
  for (;;) {
    if (reader.accept('.')) expression = parseMember(reader, expression);
    else if (reader.accept('@.')) {
      expression = { kind: 'project', of: expression, name: reader.expectName() };
    } else if (reader.accept('[')) {
      expression = { kind: 'field', of: expression, key: parseExpression(reader), isDotted: false };
      reader.expect(']');
    } else return expression;
  }
};

const negate = (operand: Expression): Expression =>
  operand.kind === 'literal' && typeof operand.value === 'number'
    ? { kind: 'literal', value: -operand.value }
    : { kind: 'negate', operand };

const parseUnary = (reader: TokenReader): Expression =>
  reader.nested(() => {
    if (reader.accept('!')) return { kind: 'not', operand: parseUnary(reader) };
    if (reader.accept('-')) return negate(parseUnary(reader));
    return parsePostfix(reader);
  });

const parseBinary = (reader: TokenReader, level = 0): Expression => {
  const operators = BINARY_LEVELS[level];
  if (!operators) return parseUnary(reader);
  let left = parseBinary(reader, level + 1);
  for (;;) {
    const operator = operators.find((candidate) => reader.accept(candidate));
    if (operator === undefined) return left;
    left = { kind: 'binary', operator, left, right: parseBinary(reader, level + 1) };
  }
};

const parseAnd = (reader: TokenReader): Expression => {
  let left = parseBinary(reader);
  while (reader.accept('&&')) left = { kind: 'and', left, right: parseBinary(reader) };
  return left;
};

const parseOr = (reader: TokenReader): Expression => {
  let left = parseAnd(reader);
  while (reader.accept('||')) left = { kind: 'or', left, right: parseAnd(reader) };
  return left;
};

const parseChoice = (reader: TokenReader): Expression => {
  const test = parseOr(reader);
  if (!reader.accept('?')) return test;
  const yes = parseExpression(reader);
  reader.expect(':');
  return { kind: 'choice', test, yes, no: parseExpression(reader) };
};

/** A variable, or a field of one by name: VK assigns to nothing else, to no `list[0]` either. */
const isAssignable = (target: Expression): boolean =>
  target.kind === 'variable' ||
  (target.kind === 'field' && target.isDotted && isAssignable(target.of));

/** @throws VkFailure 12 */
export const parseExpression = (reader: TokenReader): Expression =>
  reader.nested(() => {
    const target = parseChoice(reader);
    const { line } = reader.peek();
    if (!reader.accept('=')) return target;
    if (!isAssignable(target)) throw compileFailure('non-variable in assignment', line);
    return { kind: 'assign', target, value: parseExpression(reader) };
  });

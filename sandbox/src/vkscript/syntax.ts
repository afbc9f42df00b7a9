import type { Value } from './values';

export type BinaryOperator = '+' | '-' | '*' | '/' | '%' | '==' | '!=' | '<' | '<=' | '>' | '>=';

export type Expression =
  | { kind: 'literal'; value: Value }
  | { kind: 'variable'; name: string }
  | { kind: 'list'; items: readonly Expression[] }
  | { kind: 'record'; fields: readonly { name: string; value: Expression }[] }
  /** `of.key`, which is dotted, and `of[key]`. */
  | { kind: 'field'; of: Expression; key: Expression; isDotted: boolean }
  /** `of@.name`: that field of every element. */
  | { kind: 'project'; of: Expression; name: string }
  | { kind: 'not' | 'negate'; operand: Expression }
  | { kind: 'and' | 'or'; left: Expression; right: Expression }
  | { kind: 'binary'; operator: BinaryOperator; left: Expression; right: Expression }
  | { kind: 'choice'; test: Expression; yes: Expression; no: Expression }
  | { kind: 'assign'; target: Expression; value: Expression }
  | { kind: 'apiCall'; method: string; params: Expression }
  | { kind: 'parse'; to: 'parseInt' | 'parseDouble'; operand: Expression }
  | { kind: 'methodCall'; of: Expression; method: string; args: readonly Expression[] };

export type Statement =
  | { kind: 'block'; body: readonly Statement[] }
  | { kind: 'if'; test: Expression; yes: Statement; no: Statement | null }
  | { kind: 'while'; test: Expression; body: Statement }
  | { kind: 'declare'; name: string; value: Expression }
  | { kind: 'delete'; target: Expression }
  | { kind: 'return'; value: Expression }
  | { kind: 'do'; expression: Expression };

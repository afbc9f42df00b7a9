import type { Machine } from './machine';
import { callMethod } from './methods';
import { applyOperator, parseTo } from './operators';
import { findPlace, readPlace, writePlace } from './place';
import type { Expression } from './syntax';
import { getField, getNumber, isList, isRecord, isTrue, toText, type Value } from './values';

type Of<Kind extends Expression['kind']> = Extract<Expression, { kind: Kind }>;

const project = (machine: Machine, { of, name }: Of<'project'>): Value => {
  const value = evaluate(machine, of);
  if (isList(value)) return value.map((item) => getField(item, name));
  return isRecord(value) ? Object.values(value).map((item) => getField(item, name)) : [];
};

const assign = (machine: Machine, { target, value }: Of<'assign'>): Value => {
  const assigned = evaluate(machine, value);
  const place = findPlace(machine, target, evaluate);
  if (place) writePlace(machine, place, assigned);
  return assigned;
};

/** A method that changes its receiver changes the variable or the field that it was called on. */
const invoke = (machine: Machine, { of, method, args }: Of<'methodCall'>): Value => {
  const values = args.map((arg) => evaluate(machine, arg));
  const place = findPlace(machine, of, evaluate);
  const receiver = place ? readPlace(machine, place) : evaluate(machine, of);
  const outcome = callMethod(receiver, method, values);
  if (place && outcome.receiver !== receiver) writePlace(machine, place, outcome.receiver);
  return outcome.result;
};

const callApi = (machine: Machine, { method, params }: Of<'apiCall'>): Value => {
  const given = evaluate(machine, params);
  return machine.callApi(method, isRecord(given) ? given : {});
};

/** @throws VkFailure 13 */
export const evaluate = (machine: Machine, expression: Expression): Value => {
  if (expression.kind === 'literal') return expression.value;
  if (expression.kind === 'variable') return machine.variables.get(expression.name) ?? null;
  // Counted before the parts, so that no depth of code can outrun the stack.
  machine.countOperation();
  const of = (part: Expression): Value => evaluate(machine, part);
  switch (expression.kind) {
    case 'list':
      return expression.items.map((item) => of(item));
    case 'record':
      return Object.fromEntries(expression.fields.map(({ name, value }) => [name, of(value)]));
    case 'field':
      return getField(of(expression.of), toText(of(expression.key)));
    case 'project':
      return project(machine, expression);
    case 'not':
      return !isTrue(of(expression.operand));
    case 'negate':
      return -getNumber(of(expression.operand));
    case 'and':
      return isTrue(of(expression.left)) && isTrue(of(expression.right));
    case 'or':
      return isTrue(of(expression.left)) || isTrue(of(expression.right));
    case 'binary':
      return applyOperator(expression.operator, of(expression.left), of(expression.right));
    case 'choice':
      return of(isTrue(of(expression.test)) ? expression.yes : expression.no);
    case 'assign':
      return assign(machine, expression);
    case 'apiCall':
      return callApi(machine, expression);
    case 'parse':
      return parseTo(expression.to, of(expression.operand));
    case 'methodCall':
      return invoke(machine, expression);
  }
};

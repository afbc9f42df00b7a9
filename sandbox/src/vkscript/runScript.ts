import { evaluate } from './evaluate';
import { tooBigFailure } from './failures';
import { leastBytes } from './leastBytes';
import { createMachine, type Machine, type MachineOptions } from './machine';
import { parseProgram } from './parseProgram';
import { deletePlace, findPlace } from './place';
import type { Expression, Statement } from './syntax';
import { isTrue, type Value } from './values';

export interface ScriptOptions extends MachineOptions {
  /** A value whose JSON is surely longer is refused: writing it out might never end. */
  bytesMax: number;
}

/** What `return` gave; undefined while the script goes on. */
type Returned = { value: Value } | undefined;

const remove = (machine: Machine, target: Expression): void => {
  machine.countOperation();
  const place = findPlace(machine, target, evaluate);
  if (place) deletePlace(machine, place);
};

const runBlock = (machine: Machine, body: readonly Statement[]): Returned => {
  for (const statement of body) {
    const returned = run(machine, statement);
    if (returned) return returned;
  }
  return undefined;
};

const runLoop = (
  machine: Machine,
  { test, body }: Extract<Statement, { kind: 'while' }>,
): Returned => {
  while (isTrue(evaluate(machine, test))) {
    machine.countOperation();
    const returned = run(machine, body);
    if (returned) return returned;
  }
  return undefined;
};

const run = (machine: Machine, statement: Statement): Returned => {
  switch (statement.kind) {
    case 'block':
      return runBlock(machine, statement.body);
    case 'if': {
      const chosen = isTrue(evaluate(machine, statement.test)) ? statement.yes : statement.no;
      return chosen ? run(machine, chosen) : undefined;
    }
    case 'while':
      return runLoop(machine, statement);
    case 'declare':
      machine.variables.set(statement.name, evaluate(machine, statement.value));
      return undefined;
    case 'delete':
      remove(machine, statement.target);
      return undefined;
    case 'return':
      return { value: evaluate(machine, statement.value) };
    case 'do':
      evaluate(machine, statement.expression);
      return undefined;
  }
};

/**
 * Runs VKScript to its `return`; code that ends without one gives null. Values are passed by value:
 * `var b = a; b.push(1);` leaves `a` as it is. Every operator, access, call and turn of a loop is one
 * operation (what VK counts is unconfirmed; the scripts of common SDKs fit).
 * @throws VkFailure 12 for code that does not compile, 13 for what goes wrong while it runs
 */
export const runScript = (code: string, options: ScriptOptions): Value => {
  const { body, readsNames } = parseProgram(code);
  const value = runBlock(createMachine(options), body)?.value ?? null;
  if (readsNames && leastBytes(value) > options.bytesMax) throw tooBigFailure();
  return value;
};

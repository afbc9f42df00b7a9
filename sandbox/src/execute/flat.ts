import { VkFailure } from '../vk/errors';
import type { RawParams } from '../vk/callParams';

export interface InnerCall {
  method: string;
  params: RawParams;
}

const fail = (expected: string, found: string): never => {
  throw new VkFailure(12, `${expected} expected, '${found.slice(0, 1)}' found in line 1`);
};

/** Length of the JSON object at the start of `text`, strings and nesting respected. */
const objectLength = (text: string): number => {
  let depth = 0;
  let isInString = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (isInString) {
      if (character === '\\') index += 1;
      else if (character === '"') isInString = false;
    } else if (character === '"') isInString = true;
    else if (character === '{') depth += 1;
    else if (character === '}') {
      depth -= 1;
      if (depth === 0) return index + 1;
    }
  }
  return fail("'}'", '');
};

const asText = (value: unknown): string => {
  if (Array.isArray(value)) return value.map((entry) => asText(entry)).join(',');
  if (typeof value === 'boolean') return value ? '1' : '0';
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
};

const parseArguments = (json: string): RawParams => {
  try {
    const parsed = JSON.parse(json) as Record<string, unknown>;
    return new Map(Object.entries(parsed).map(([name, value]) => [name, asText(value)]));
  } catch (cause) {
    throw Object.assign(new VkFailure(12, "'}' expected, '' found in line 1"), { cause });
  }
};

const CALL = /^API\.(\w+\.\w+)\(\s*/;

/** One `API.section.method({…})` at the start of `text`, and what is left after it. */
const parseCall = (text: string): { call: InnerCall; rest: string } => {
  const [opening, method] = CALL.exec(text) ?? [];
  if (opening === undefined || method === undefined) return fail("'API'", text);
  const after = text.slice(opening.length);
  const length = after.startsWith('{') ? objectLength(after) : 0;
  const params = length === 0 ? new Map<string, string>() : parseArguments(after.slice(0, length));
  const rest = after.slice(length).trimStart();
  if (!rest.startsWith(')')) fail("')'", rest);
  return { call: { method, params }, rest: rest.slice(1).trimStart() };
};

/**
 * Reads `return [API.a.b({…}),API.c.d({…})];` with arguments in JSON, the one form that this sandbox
 * runs.
 * @throws VkFailure 12 for every other code
 */
export const parseFlat = (code: string): InnerCall[] => {
  const [opening] = /^\s*return\s*\[\s*/.exec(code) ?? [];
  if (opening === undefined) return fail("'return'", code.trim());
  let rest = code.slice(opening.length);
  const calls: InnerCall[] = [];
  while (!rest.startsWith(']')) {
    const parsed = parseCall(rest);
    calls.push(parsed.call);
    rest = parsed.rest;
    if (rest.startsWith(',')) rest = rest.slice(1).trimStart();
    else if (!rest.startsWith(']')) fail("']'", rest);
  }
  const end = rest.slice(1).trim();
  if (end !== ';') fail("';'", end);
  return calls;
};

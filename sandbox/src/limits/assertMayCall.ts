import { VkFailure } from '../vk/errors';
import { refuseKind, type SandboxToken, type TokenKind } from './tokens';

/** Refused to user tokens of VK ID (reported in gitroomhq/postiz-app#1408 and by collectors). */
const NOT_FOR_VK_ID: ReadonlySet<string> = new Set(['wall.search']);

/** What a user must have granted; VK's documents name it for no other method of the sandbox. */
const SCOPES: Readonly<Record<string, string>> = {
  'wall.getComments': 'wall',
  'wall.getComment': 'wall',
};

const METHOD_SUBCODE = 1133;

const assertScope = ({ kind, scopes, scopeRefusal }: SandboxToken, method: string): void => {
  const needed = SCOPES[method];
  if (kind !== 'user' || needed === undefined || scopes === undefined) return;
  if (scopes.includes(needed)) return;
  if (scopeRefusal === 7) throw new VkFailure(7);
  const detail = 'no access to call this method. It cannot be called with current scopes.';
  throw new VkFailure(15, detail, { error_subcode: METHOD_SUBCODE });
};

/**
 * @param kinds those that VK lets call the method
 * @throws VkFailure 27, 28, 1051, 7 or 15, or the code under `refuses`: a sound token of another kind
 * or of fewer rights than the method asks for
 */
export const assertMayCall = (
  token: SandboxToken,
  method: string,
  kinds: readonly TokenKind[],
): void => {
  const refusal = token.refuses?.[method];
  if (refusal !== undefined) throw new VkFailure(refusal);
  if (!kinds.includes(token.kind)) refuseKind(token.kind);
  if (token.isVkId && NOT_FOR_VK_ID.has(method)) throw new VkFailure(1_051);
  assertScope(token, method);
};

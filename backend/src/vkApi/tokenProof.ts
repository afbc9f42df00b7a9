import { TOKEN_PROOF_METHOD } from './errorActions';
import { createPendingCall, type PendingCall } from './pendingCall';
import type { Token } from './token';

/** Before everything else: somebody waits for the answer with what VK said already. */
const PRIORITY = 1;

interface Dependencies {
  submit: (call: PendingCall) => void;
  forget: (call: PendingCall) => void;
}

/**
 * Shows whether VK serves a token at all, by one call that is about nobody; those who ask while it
 * is on its way share it.
 *
 * @throws VkWaitError when VK does not; VkError when that could not be told.
 */
export type ProveToken = (token: Token, onBehalfOf: PendingCall) => Promise<void>;

export const createTokenProof = ({ submit, forget }: Dependencies): ProveToken => {
  const asking = new Map<Token, Promise<void>>();

  const ask = async (token: Token, { groupKey, spend }: PendingCall): Promise<void> => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const context = { groupKey, priority: PRIORITY, onSpent: spend };
    const settlers = { resolve: () => resolve(), reject, onAbort: forget };
    submit(createPendingCall(TOKEN_PROOF_METHOD, {}, context, settlers, token));
    await promise;
  };

  return (token, onBehalfOf) => {
    const known = asking.get(token);
    if (known) return known;
    const asked = ask(token, onBehalfOf).finally(() => asking.delete(token));
    asking.set(token, asked);
    return asked;
  };
};

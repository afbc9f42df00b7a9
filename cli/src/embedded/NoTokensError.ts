/** There is nothing to collect with: neither VK_TOKENS nor a token in the vault. */
export class NoTokensError extends Error {
  override readonly name = 'NoTokensError';
}

import type { Scope } from '@stenograf/contracts/scopes';

interface KeyIdentity {
  kind: 'key';
  /** Of the key, for logs. */
  id: number;
  scope: Scope;
}

export interface UserIdentity {
  kind: 'user';
  /** Of the user. */
  id: number;
  scope: Scope;
  session: { id: number; expiresAt: Date };
}

/** Who sends a request: a program by its key, or a person by their session. */
export type Identity = KeyIdentity | UserIdentity;

/** One text for each key and each person, for what is counted or kept for them. */
export const holderOf = ({ kind, id }: Identity): string => `${kind}:${id}`;

/** The holder who sent a request; of an open route all are one. */
export const holderIn = ({ identity }: { identity?: Identity }): string =>
  identity ? holderOf(identity) : '';

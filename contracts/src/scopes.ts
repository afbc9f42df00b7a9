/** What an API key may do; each scope includes those before it. */
export const SCOPES = ['read', 'write', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

/** What a person is here; each role may what the key of its scope may. */
export const ROLES = ['viewer', 'operator', 'admin'] as const;
export type Role = (typeof ROLES)[number];

export const SCOPE_OF_ROLE: Record<Role, Scope> = {
  viewer: 'read',
  operator: 'write',
  admin: 'admin',
};

import type {
  ApiKeyDto,
  IssuedApiKeyDto,
  SessionDto,
  SignInLinkDto,
  UserDto,
} from '@stenograf/contracts/access';
import type { ApiKey } from '../repositories/apiKeyRepository';
import type { User } from '../repositories/userRepository';
import type { IssuedKey } from '../services/apiKeyService';
import type { UserIdentity } from '../services/identity';
import type { SessionDescription } from '../services/sessionService';

const time = (at: Date | null): string | null => at?.toISOString() ?? null;

export const presentApiKey = (key: ApiKey): ApiKeyDto => ({
  id: key.id,
  name: key.name,
  scope: key.scope,
  last4: key.last4,
  created_at: key.createdAt.toISOString(),
  expires_at: time(key.expiresAt),
  last_used_at: time(key.lastUsedAt),
});

export const presentIssuedKey = (issued: IssuedKey): IssuedApiKeyDto => ({
  ...presentApiKey(issued),
  key: issued.key,
});

export const presentUser = (user: User): UserDto => ({
  id: user.id,
  name: user.name,
  role: user.role,
  has_password: user.hasPassword,
  created_at: user.createdAt.toISOString(),
  disabled_at: time(user.disabledAt),
  last_sign_in_at: time(user.lastSignInAt),
});

export const presentSignInLink = (link: { token: string; expiresAt: Date }): SignInLinkDto => ({
  link_token: link.token,
  expires_at: link.expiresAt.toISOString(),
});

export const presentSession = (
  { session }: UserIdentity,
  { user, sessions }: SessionDescription,
  csrfToken: string,
): SessionDto => ({
  user: presentUser(user),
  csrf_token: csrfToken,
  expires_at: session.expiresAt.toISOString(),
  sessions: sessions.map(({ id, createdAt, lastSeenAt }) => ({
    created_at: createdAt.toISOString(),
    last_seen_at: lastSeenAt.toISOString(),
    is_current: id === session.id,
  })),
});

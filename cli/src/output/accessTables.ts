import type { ApiKeyDto, UserDto } from '@stenograf/contracts/access';
import type { Colors } from './colors';
import { printable } from './format';
import type { Sentences } from './sentences/en';
import { renderTable } from './table';

interface Style {
  colors: Colors;
  sentences: Sentences;
}

/** To the minute, UTC. */
const shortTime = (at: string | null): string => at?.slice(0, 16).replace('T', ' ') ?? '–';

export const renderKeyTable = (keys: ApiKeyDto[], { colors, sentences }: Style): string[] => {
  const { columns } = sentences.access;
  return renderTable<ApiKeyDto>(
    [
      { title: columns.id, align: 'right', cell: ({ id }) => String(id) },
      { title: columns.scope, align: 'left', cell: ({ scope }) => scope },
      { title: columns.key, align: 'left', cell: ({ last4 }) => `stg_…${last4}` },
      { title: columns.created, align: 'left', cell: (key) => shortTime(key.created_at) },
      { title: columns.used, align: 'left', cell: (key) => shortTime(key.last_used_at) },
      { title: columns.ends, align: 'left', cell: (key) => shortTime(key.expires_at) },
      { title: columns.name, align: 'left', cell: ({ name }) => printable(name) },
    ],
    keys,
    { colors },
  );
};

export const renderUserTable = (users: UserDto[], { colors, sentences }: Style): string[] => {
  const { columns, userStates } = sentences.access;
  const stateOf = ({ disabled_at: disabled, has_password: ready }: UserDto): string =>
    disabled !== null ? userStates.disabled : ready ? userStates.ready : userStates.noPassword;
  return renderTable<UserDto>(
    [
      { title: columns.user, align: 'left', cell: ({ name }) => printable(name) },
      { title: columns.role, align: 'left', cell: ({ role }) => role },
      { title: columns.state, align: 'left', cell: stateOf },
      { title: columns.created, align: 'left', cell: (user) => shortTime(user.created_at) },
      { title: columns.signedIn, align: 'left', cell: (user) => shortTime(user.last_sign_in_at) },
    ],
    users,
    { colors },
  );
};

interface Tuning {
  readonly port: number;
  readonly forTests: boolean;
}

/** Sized for a laptop that does other work; `ALTER SYSTEM` does not outrank what stands here. */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  // None: the path of a socket in a deep home would be longer than the system allows.
  unix_socket_directories: '',
  max_connections: 100,
  shared_buffers: '128MB',
  work_mem: '16MB',
  maintenance_work_mem: '128MB',
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  wal_compression: 'on',
  random_page_cost: 1.1,
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
  // A client that was killed lets go of its locks within seconds.
  tcp_keepalives_idle: 30,
  client_connection_check_interval: '5s',
};

/** Safe against a crash of the server, which tests provoke; not against one of the machine. */
const TEST_SETTINGS = {
  // Two files run at a time, some with a dozen pools.
  max_connections: 300,
  fsync: 'off',
  full_page_writes: 'off',
};

/** The settings as options of `postgres`, for the shell through which pg_ctl hands them on. */
export const settingArguments = ({ port, forTests }: Tuning): string =>
  Object.entries({ ...SETTINGS, ...(forTests && TEST_SETTINGS), port })
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ');

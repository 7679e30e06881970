import type { Layout } from './layout.js';

/** How clients reach the server: a socket in a folder only we can enter, or (Windows) a port on loopback. */
export type Endpoint = { readonly socketFolder: string } | { readonly port: number };

/**
 * What the server is told on its command line, so that a changed version of ours changes it too.
 *
 * Many small transactions of a few writers: commits stay synchronous, checkpoints come seldom (a checkpoint makes every
 * page it touches go whole into the log again), no query is big enough to repay JIT or parallel workers.
 * The packaged binaries have no lz4, and pglz costs more processor than the log it saves.
 */
const TUNING: Readonly<Record<string, string>> = {
  max_connections: '150',
  shared_buffers: '128MB',
  wal_buffers: '16MB',
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  wal_level: 'minimal',
  max_wal_senders: '0',
  random_page_cost: '1.1',
  jit: 'off',
  max_parallel_workers_per_gather: '0',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
  // Here LOG ranks above ERROR: a refused statement is the business of whoever sent it, the server's own messages are ours.
  log_min_messages: 'log',
  log_line_prefix: '',
};

const DURABLE = { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' };

/** For tests only: a machine that loses its power may lose the database. */
const VOLATILE = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

export function serverArguments(layout: Layout, endpoint: Endpoint, durable: boolean): string[] {
  const settings = { ...TUNING, ...(durable ? DURABLE : VOLATILE), ...listenSettings(endpoint) };
  return ['-D', layout.cluster, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}

function listenSettings(endpoint: Endpoint): Readonly<Record<string, string>> {
  if ('port' in endpoint)
    return { listen_addresses: '127.0.0.1', port: String(endpoint.port), unix_socket_directories: '' };
  return { listen_addresses: '', unix_socket_directories: endpoint.socketFolder, unix_socket_permissions: '0700' };
}

/** The folder of the socket goes percent-encoded in place of the host, which libpq and node-postgres both understand. */
export function connectionUrl(endpoint: Endpoint, role: string, password: string, database: string): string {
  const place = 'port' in endpoint ? `127.0.0.1:${endpoint.port}` : encodeURIComponent(endpoint.socketFolder);
  return `postgresql://${role}:${password}@${place}/${database}`;
}

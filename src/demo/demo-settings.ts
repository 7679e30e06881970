import { z } from 'zod';
import type { RawEnvironment } from '../config/load-config.js';
import { DemoError } from './demo.errors.js';

const SCHEMA = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(8000),
  HOST: z.string().default('127.0.0.1'),
});

/** The address of the server that runs by the same environment. */
export function serverUrl(env: RawEnvironment): string {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = SCHEMA.safeParse(given);
  if (!parsed.success) throw new DemoError(`PORT or HOST is wrong:\n${z.prettifyError(parsed.error)}`);
  const { PORT: port, HOST: host } = parsed.data;
  if (port === 0) throw new DemoError('With PORT=0 the server has taken any port: give the demo the one it printed.');
  return `http://${reachable(host)}:${port}`;
}

/** What listens on all addresses is reached on this machine's own. */
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

import { randomBytes } from 'node:crypto';
import { Client, type QueryResultRow } from 'pg';
import type { NoticeHandlers, NoticeTransport, PeerProcess } from './notice-transport.js';

const CHANNEL = 'troupe_streams';
const NAME_PREFIX = 'troupe-notices';
const MIN_RETRY_MS = 100;
const MAX_RETRY_MS = 5_000;
const TIMEOUT_MS = 5_000;
const PEERS = `
  SELECT application_name AS name FROM pg_stat_activity
  WHERE datname = current_database() AND application_name LIKE '${NAME_PREFIX} %'`;

/**
 * LISTEN and NOTIFY on one connection of its own. The connection's name tells the other processes that this one is
 * there, and with which roles; it goes with the process however that ends.
 */
export class PgNoticeTransport implements NoticeTransport {
  readonly processId = randomBytes(6).toString('base64url');
  #client: Client | undefined;
  #handlers: NoticeHandlers | undefined;
  #retry: NodeJS.Timeout | undefined;
  #retryMs = MIN_RETRY_MS;
  #closed = false;
  #tail: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly url: string,
    private readonly roles: readonly string[],
  ) {}

  open(handlers: NoticeHandlers): Promise<void> {
    this.#handlers = handlers;
    return this.connect();
  }

  async send(payloads: readonly string[]): Promise<void> {
    await this.query('SELECT pg_notify($1, payload) FROM unnest($2::text[]) AS payload', [CHANNEL, payloads]);
  }

  async peers(): Promise<readonly PeerProcess[]> {
    const rows = await this.query<{ name: string }>(PEERS);
    return rows.map(({ name }) => toPeer(name)).filter(({ id }) => id !== this.processId);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retry);
    // What was asked has its answer first.
    await this.#tail;
    const client = this.#client;
    this.#client = undefined;
    await client?.end();
  }

  /** One after the other: a client does not take a query while it has one. */
  private query<Row extends QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    const answer = this.#tail.then(async () => {
      if (!this.#client) throw new Error('The connection for notices is down');
      return (await this.#client.query<Row>(text, values)).rows;
    });
    this.#tail = answer.catch(() => undefined);
    return answer;
  }

  private async connect(): Promise<void> {
    const client = new Client({
      connectionString: this.url,
      application_name: `${NAME_PREFIX} ${this.processId} ${this.roles.join(',')}`,
      keepAlive: true,
      connectionTimeoutMillis: TIMEOUT_MS,
      query_timeout: TIMEOUT_MS,
    });
    client.on('error', (error) => this.lost(client, error));
    client.on('end', () => this.lost(client, new Error('The connection for notices has ended')));
    client.on('notification', ({ payload }) => this.#handlers?.received(payload ?? ''));
    try {
      await client.connect();
      await client.query(`LISTEN ${CHANNEL}`);
      await this.connected(client);
    } catch (error) {
      this.abandon(client, error);
    }
  }

  private async connected(client: Client): Promise<void> {
    if (this.#closed) return client.end();
    this.#client = client;
    this.#retryMs = MIN_RETRY_MS;
    this.#handlers?.up();
  }

  /** An established connection broke. Reported twice, by `error` and by `end`. */
  private lost(client: Client, error: unknown): void {
    if (this.#client !== client) return;
    this.#client = undefined;
    this.abandon(client, error);
  }

  private abandon(client: Client, error: unknown): void {
    // It is broken already: how its end goes is of no interest.
    client.end().catch(() => undefined);
    if (this.#closed) return;
    this.#handlers?.down(error);
    this.#retry = setTimeout(() => void this.connect(), this.#retryMs);
    this.#retryMs = Math.min(MAX_RETRY_MS, this.#retryMs * 2);
  }
}

function toPeer(applicationName: string): PeerProcess {
  const [, id = '', roles = ''] = applicationName.split(' ');
  return { id, roles: roles.split(',') };
}

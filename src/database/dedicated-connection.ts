import { setTimeout as sleep } from 'node:timers/promises';
import { Client, DatabaseError, types } from 'pg';
import { ConnectionLostError, DatabaseUnavailableError } from './database.errors.js';

/** A prepared statement. The text of a name never changes. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

export interface DedicatedConnectionOptions {
  readonly url: string;
  /** Shown in pg_stat_activity. */
  readonly name: string;
  /** How long a statement waits for the database to come back before it gives up. Default 5,000. */
  readonly connectWithinMs?: number;
  readonly onLost?: (error: Error) => void;
  /**
   * `off`: a commit is answered before it is on the disk. It is there at the latest with the next commit of anybody that is
   * waited for. Default `on`.
   */
  readonly synchronousCommit?: 'on' | 'off';
}

/** A statement takes milliseconds; after this long the connection is dead, whatever TCP thinks. */
const STATEMENT_TIMEOUT_MS = 60_000;
const FIRST_RETRY_MS = 50;
const LAST_RETRY_MS = 1_000;
const MAX_ATTEMPTS = 3;

/** Rolled back by the server, and worth another try: deadlock, serialisation failure. */
const TRANSIENT = new Set(['40P01', '40001']);

/**
 * Plans are made once and use indexes, whatever the statistics of a young table say: every statement of these
 * connections finds its rows by key.
 */
const SESSION = `SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET enable_hashjoin = off;
SET enable_mergejoin = off; SET jit = off; SET TimeZone = 'UTC'; SET statement_timeout = ${STATEMENT_TIMEOUT_MS / 2}`;

/** Eight-byte integers as numbers (all of ours are safe), JSON as its text. */
const PARSERS: Readonly<Record<number, (value: string) => unknown>> = {
  [types.builtins.INT8]: Number,
  [types.builtins.JSON]: (text: string) => text,
};

/**
 * A connection of its own beside the pool, for prepared statements that must not queue behind others. Each statement is
 * one transaction, and they go one after the other. It connects when it is needed, and again when the database comes back.
 */
export class DedicatedConnection {
  private client: Promise<Client> | undefined;
  private isClosed = false;
  private tail: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: DedicatedConnectionOptions) {}

  /**
   * @throws {DatabaseUnavailableError} the statement was not sent
   * @throws {ConnectionLostError} it was sent, and nobody knows whether it was carried out
   * @throws {DatabaseError} it was refused
   */
  query<Row extends unknown[]>(statement: Statement, values: unknown[]): Promise<Row[]> {
    const answer = this.tail.then(() => this.attempt<Row>(statement, values));
    this.tail = answer.catch(() => undefined);
    return answer;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    const client = await this.client?.catch(() => undefined);
    this.client = undefined;
    await client?.end();
  }

  private async attempt<Row extends unknown[]>(statement: Statement, values: unknown[]): Promise<Row[]> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.send<Row>(statement, values);
      } catch (error) {
        if (attempt === MAX_ATTEMPTS || !isTransient(error)) throw error;
      }
    }
  }

  private async send<Row extends unknown[]>(statement: Statement, values: unknown[]): Promise<Row[]> {
    const client = await (this.client ??= this.connect());
    try {
      const { rows } = await client.query<Row>({ ...statement, values, rowMode: 'array' });
      return rows;
    } catch (error) {
      if (isRefusal(error)) throw error;
      this.drop(client, error);
      throw new ConnectionLostError(this.options.name, { cause: error });
    }
  }

  private connect(): Promise<Client> {
    const client = this.connectWithBackoff();
    client.catch(() => (this.client = undefined));
    return client;
  }

  private async connectWithBackoff(): Promise<Client> {
    const until = performance.now() + (this.options.connectWithinMs ?? 5_000);
    for (let delayMs = FIRST_RETRY_MS; ; delayMs = Math.min(delayMs * 2, LAST_RETRY_MS)) {
      if (this.isClosed) throw new DatabaseUnavailableError(this.options.name);
      try {
        return await this.open();
      } catch (error) {
        if (performance.now() + delayMs > until)
          throw new DatabaseUnavailableError(this.options.name, { cause: error });
        await sleep(delayMs);
      }
    }
  }

  private async open(): Promise<Client> {
    const client = new Client({
      connectionString: this.options.url,
      application_name: this.options.name,
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
      query_timeout: STATEMENT_TIMEOUT_MS,
      types: { getTypeParser: (oid: number) => PARSERS[oid] ?? types.getTypeParser(oid, 'text') },
    });
    client.on('error', (error) => this.drop(client, error));
    try {
      await client.connect();
      await client.query(`${SESSION}; SET synchronous_commit = ${this.options.synchronousCommit ?? 'on'}`);
      return client;
    } catch (error) {
      void client.end().catch(() => undefined);
      throw error;
    }
  }

  /** The next statement connects anew. A client is dropped once: its successor must not suffer from its late errors. */
  private drop(client: Client, error: unknown): void {
    if (dropped.has(client)) return;
    dropped.add(client);
    this.client = undefined;
    if (!this.isClosed) this.options.onLost?.(error instanceof Error ? error : new Error(String(error)));
    // It may be dead already: nobody waits for its farewell.
    void client.end().catch(() => undefined);
  }
}

const dropped = new WeakSet<Client>();

function isTransient(error: unknown): boolean {
  return error instanceof DatabaseError && TRANSIENT.has(error.code ?? '');
}

/** The server answered, and stays: everything but its shutdown and failures of the connection. */
function isRefusal(error: unknown): boolean {
  return error instanceof DatabaseError && !/^(57P|08)/.test(error.code ?? '');
}

import { Client, type ClientConfig, DatabaseError, type QueryResult } from 'pg';
import { HotStatements } from './hot-statements.js';

const START = 'START TRANSACTION';
/** `feature_not_supported`, and of what this is about. */
const PLAN_IS_STALE = /^cached plan must not change/;
/** `invalid_sql_statement_name` */
const STATEMENT_IS_GONE = '26000';

const hotStatements = new HotStatements();

/**
 * A client of the pool, as TypeORM uses it, with three things that TypeORM cannot do:
 *
 * - It outlives its server. Between the pool, which listens to idle clients, and TypeORM, which listens to those it uses,
 *   lies a turn of the event loop in which nobody does: a server that goes in just that moment would take the process with
 *   it. The client itself knows that it is broken, and the pool lets go of it.
 * - What is asked often is prepared, see {@link HotStatements}.
 * - The start of a transaction is sent with its first statement, a way to the server and back less. Only a connection that
 *   is lost refuses it, or somebody who cancels just that; the connection is then given up, so that nothing that follows
 *   is committed by itself.
 */
export class PooledClient extends Client {
  // Not with the options: they are the pool's own, whose password no copy has.
  override readonly pipeline = true;

  constructor(config?: string | ClientConfig) {
    super(config);
    this.on('error', () => undefined);
  }

  // The overloads of pg are many; TypeORM uses two of them, and the others pass through as they are.
  override query(...given: unknown[]): never {
    const [text, values] = given;
    if (text === START && given.length <= 2) return this.start() as never;
    const isPlain = typeof text === 'string' && Array.isArray(values) && values.length > 0 && given.length === 2;
    return (isPlain ? this.ask(text, values) : this.pass(...given)) as never;
  }

  private start(): Promise<Pick<QueryResult, 'command' | 'rowCount' | 'rows'>> {
    this.pass(START).catch(() => this.connection.stream.destroy());
    return Promise.resolve({ command: 'START', rowCount: 0, rows: [] });
  }

  private async ask(text: string, values: readonly unknown[]): Promise<unknown> {
    const name = hotStatements.nameOf(text);
    if (name === undefined) return this.pass(text, values);
    try {
      return await this.pass({ name, text, values });
    } catch (error) {
      if (!isSpoilt(error)) throw error;
      hotStatements.renew(text);
      // Within a transaction nothing more can be asked; the next one goes well.
      if (this.getTransactionStatus() !== 'I') throw error;
      return this.pass(text, values);
    }
  }

  private pass(...given: unknown[]): Promise<unknown> {
    return (super.query as (...all: unknown[]) => Promise<unknown>).apply(this, given);
  }
}

/** Values that cannot be sent make pg close the statement, and not forget it. */
function isSpoilt(error: unknown): boolean {
  if (!(error instanceof DatabaseError)) return error instanceof TypeError;
  return error.code === STATEMENT_IS_GONE || (error.code === '0A000' && PLAN_IS_STALE.test(error.message));
}

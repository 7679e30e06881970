import { AsyncLocalStorage } from 'node:async_hooks';
import { type DataSource, EntityManager } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';

interface Transaction {
  isOpen: boolean;
}

const current = new AsyncLocalStorage<Transaction>();
const transaction = Object.getOwnPropertyDescriptor(EntityManager.prototype, 'transaction')?.value as (
  ...given: unknown[]
) => Promise<unknown>;

/** What is asked for from within a transaction knows that it is. */
EntityManager.prototype.transaction = function (this: EntityManager, ...given: unknown[]) {
  const work = given.at(-1) as (manager: EntityManager) => Promise<unknown>;
  const marked = async (manager: EntityManager) => {
    const mark = { isOpen: true };
    try {
      return await current.run(mark, () => work(manager));
    } finally {
      mark.isOpen = false;
    }
  };
  return transaction.apply(this, [...given.slice(0, -1), marked]) as never;
};

/** Begun in a transaction by whoever does not wait for it. */
const NOT_WAITED_FOR = /AuditRetention\.apply/;
const FRAMES = 40;

/**
 * Whoever holds a connection in a transaction and waits for a second one waits for ever, once as many do so as there are
 * connections. Answers where that was done, from now on.
 */
export function watchForSecondConnections(database: DataSource): () => readonly string[] {
  const found = new Set<string>();
  const driver = database.driver as PostgresDriver;
  const obtain = driver.obtainMasterConnection.bind(driver);
  driver.obtainMasterConnection = () => {
    const asked = current.getStore()?.isOpen ? stackHere() : '';
    if (asked !== '' && !NOT_WAITED_FOR.test(asked)) found.add(asked);
    return obtain();
  };
  return () => [...found];
}

function stackHere(): string {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = FRAMES;
  const { stack = 'unknown' } = new Error('A second connection within a transaction');
  Error.stackTraceLimit = stackTraceLimit;
  return stack;
}

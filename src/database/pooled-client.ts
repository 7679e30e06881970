import { Client, type ClientConfig } from 'pg';

/**
 * A client of the pool that outlives its server. Between the pool, which listens to idle clients, and TypeORM, which
 * listens to those it uses, lies a turn of the event loop in which nobody does: a server that goes in just that moment
 * would take the process with it. The client itself knows that it is broken, and the pool lets go of it.
 */
export class PooledClient extends Client {
  constructor(config?: string | ClientConfig) {
    super(config);
    this.on('error', () => undefined);
  }
}

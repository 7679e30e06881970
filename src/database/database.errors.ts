/** The database cannot be reached: nothing was sent. */
export class DatabaseUnavailableError extends Error {
  constructor(connection: string, options?: ErrorOptions) {
    super(`The database cannot be reached (${connection})`, options);
    this.name = new.target.name;
  }
}

/** The connection ended between a statement and its answer: it may or may not have been carried out. */
export class ConnectionLostError extends Error {
  constructor(connection: string, options?: ErrorOptions) {
    super(`The connection to the database was lost (${connection})`, options);
    this.name = new.target.name;
  }
}

/** The embedded database could not be used; the message says why and what to do about it. */
export class EmbeddedDatabaseError extends Error {
  override readonly name: string = 'EmbeddedDatabaseError';
}

/** Another process owns the data folder. */
export class DatabaseInUseError extends EmbeddedDatabaseError {
  override readonly name = 'DatabaseInUseError';

  constructor(
    readonly ownerPid: number,
    folder: string,
  ) {
    super(
      `The embedded database in ${folder} is in use by process ${ownerPid}. Stop that process first, ` +
        'choose another DATA_DIR, or run several processes on one database: start `npm run db` and set DATABASE_URL to what it prints.',
    );
  }
}

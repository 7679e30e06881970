interface Recent<T> {
  readonly record: T;
  readonly atMs: number;
}

/**
 * PostgreSQL has on the disk after three times `wal_writer_delay` what nobody waited for: 600 ms by default, 30 s at most.
 *
 * @see https://www.postgresql.org/docs/current/runtime-config-wal.html#GUC-WAL-WRITER-DELAY
 */
const KEPT_MS = 30_000;
const MAX_KEPT = 20_000;

/** What was recorded so lately that a crash of the database may have taken it back. */
export class RecentRecords<T> {
  private readonly kept = new Map<string, Recent<T>>();

  constructor(private readonly nowMs: () => number = () => performance.now()) {}

  add(id: string, record: T): void {
    const atMs = this.nowMs();
    this.kept.set(id, { record, atMs });
    for (const [oldId, old] of this.kept) {
      if (this.kept.size <= MAX_KEPT && atMs - old.atMs <= KEPT_MS) break;
      this.kept.delete(oldId);
    }
  }

  /** The oldest first. */
  take(): T[] {
    const records = [...this.kept.values()].map(({ record }) => record);
    this.kept.clear();
    return records;
  }
}

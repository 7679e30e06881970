import { Injectable } from '@nestjs/common';
import { type Observable, Subject } from 'rxjs';
import { DataSource } from 'typeorm';

interface Known {
  readonly isActive: boolean;
  /** When to ask again, on the monotonic clock, in milliseconds. */
  readonly staleAt: number;
}

/** Under the promised second, since the answer is as old as its question. */
const TRUSTED_MS = 800;
const MAX_KNOWN = 20_000;
const ACTIVE = 'SELECT id FROM sessions WHERE id = ANY($1::uuid[]) AND revoked_at IS NULL AND expires_at > now()';

/**
 * Tells within a second, in every process, that a session has ended. A session is asked for at most once per
 * {@link TRUSTED_MS}, and all sessions that are due share one query.
 */
@Injectable()
export class SessionStatus {
  private readonly known = new Map<string, Known>();
  private readonly endings = new Subject<string>();
  private due = new Set<string>();
  private upcoming: Promise<void> | undefined;
  private current: Promise<void> = Promise.resolve();

  constructor(private readonly database: DataSource) {}

  /** Ids of sessions as this process learns of their end, by its own doing or from the database. */
  get ended(): Observable<string> {
    return this.endings;
  }

  async isActive(sessionId: string): Promise<boolean> {
    const known = this.known.get(sessionId);
    if (known && known.staleAt > performance.now()) return known.isActive;
    await this.ask(sessionId);
    return this.known.get(sessionId)?.isActive ?? false;
  }

  /** Makes an end known here at once; other processes find it in the database. */
  end(sessionId: string): void {
    const wasEnded = this.known.get(sessionId)?.isActive === false;
    // An ended session never comes back, and a query under way may still answer what was true before.
    this.remember(sessionId, { isActive: false, staleAt: Number.POSITIVE_INFINITY });
    if (!wasEnded) this.endings.next(sessionId);
  }

  /** Joins the query that follows the current one: an answer must be younger than its question. */
  private ask(sessionId: string): Promise<void> {
    this.due.add(sessionId);
    this.upcoming ??= this.current.then(() => this.askAll());
    return this.upcoming;
  }

  private askAll(): Promise<void> {
    const ids = [...this.due];
    this.due = new Set();
    this.upcoming = undefined;
    const query = this.query(ids);
    // The next one starts whether or not this one succeeds.
    this.current = query.catch(() => undefined);
    return query;
  }

  private async query(ids: string[]): Promise<void> {
    const staleAt = performance.now() + TRUSTED_MS;
    const rows = await this.database.query<{ id: string }[]>(ACTIVE, [ids]);
    const active = new Set(rows.map(({ id }) => id));
    for (const id of ids) {
      if (!active.has(id)) this.end(id);
      else if (this.known.get(id)?.isActive !== false) this.remember(id, { isActive: true, staleAt });
    }
  }

  private remember(sessionId: string, known: Known): void {
    this.known.delete(sessionId);
    this.known.set(sessionId, known);
    const [oldest] = this.known.keys();
    if (this.known.size > MAX_KNOWN && oldest !== undefined) this.known.delete(oldest);
  }
}

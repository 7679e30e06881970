import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { TooManyAttemptsError } from './auth.errors.js';

export interface AttemptLimit {
  readonly max: number;
  readonly windowSeconds: number;
}

interface Count {
  readonly attempts: number;
  readonly seconds: number;
}

const PURGE_INTERVAL_MS = 600_000;
const SECONDS_LEFT = `greatest(1, ceil(extract(epoch FROM resets_at - now())))::int AS seconds`;
const COUNT = `
  INSERT INTO attempt_counts AS c (key, attempts, resets_at) VALUES ($1, 1, now() + make_interval(secs => $2))
  ON CONFLICT (key) DO UPDATE SET
    attempts = CASE WHEN c.resets_at <= now() THEN 1 ELSE c.attempts + 1 END,
    resets_at = CASE WHEN c.resets_at <= now() THEN excluded.resets_at ELSE c.resets_at END
  RETURNING attempts, ${SECONDS_LEFT}`;
const LOOK = `SELECT attempts, ${SECONDS_LEFT} FROM attempt_counts WHERE key = $1 AND resets_at > now()`;

/** Counts attempts per key in fixed windows. In the database, so that the limits hold over all processes. */
@Injectable()
export class AttemptLimiter {
  private purgedAt = 0;

  constructor(private readonly database: DataSource) {}

  /** @throws {TooManyAttemptsError} when this attempt is beyond the limit */
  async attempt(key: string, limit: AttemptLimit): Promise<void> {
    const count = await this.count(key, limit);
    if (count.attempts > limit.max) throw new TooManyAttemptsError(count.seconds);
  }

  /** Counts without judging: for attempts that only count once they have failed. */
  async count(key: string, { windowSeconds }: AttemptLimit): Promise<Count> {
    await this.purge();
    const [count] = await this.database.query<[Count]>(COUNT, [key, windowSeconds]);
    return count;
  }

  /** @throws {TooManyAttemptsError} when the limit is used up */
  async assertBelow(key: string, { max }: AttemptLimit): Promise<void> {
    const [count] = await this.database.query<Count[]>(LOOK, [key]);
    if (count && count.attempts >= max) throw new TooManyAttemptsError(count.seconds);
  }

  private async purge(): Promise<void> {
    if (Date.now() - this.purgedAt < PURGE_INTERVAL_MS) return;
    this.purgedAt = Date.now();
    await this.database.query('DELETE FROM attempt_counts WHERE resets_at <= now()');
  }
}

export interface BucketOptions {
  /** Tokens that come back in a minute. */
  readonly perMinute: number;
  /** Tokens that a full bucket has. */
  readonly burst: number;
  /** Buckets that are remembered at least; twice as many at most. Default 50,000. */
  readonly maxBuckets?: number;
}

export interface Taken {
  readonly isAllowed: boolean;
  /** Tokens that are left. */
  readonly remaining: number;
  /** Until the bucket is full again. */
  readonly resetSeconds: number;
  /** Until there is a token again; 0 when there is one. */
  readonly retryAfterSeconds: number;
}

const MINUTE_MS = 60_000;

/**
 * A token bucket per key, kept as one number: the instant at which the bucket will be full (GCRA, the generic cell rate
 * algorithm). Memory is bounded by two generations of buckets: when the young one is full it becomes the old one, and
 * the old one goes, which holds only those that were not used for as long. So a request costs the same however many
 * keys there are.
 */
export class TokenBuckets {
  private readonly tokenMs: number;
  private readonly burst: number;
  private readonly maxBuckets: number;
  private young = new Map<string, number>();
  private old = new Map<string, number>();

  constructor({ perMinute, burst, maxBuckets = 50_000 }: BucketOptions) {
    this.tokenMs = MINUTE_MS / perMinute;
    this.burst = burst;
    this.maxBuckets = maxBuckets;
  }

  /** How many buckets are remembered. */
  get size(): number {
    return this.young.size + this.old.size;
  }

  /** @param now in milliseconds, on any clock that does not go back */
  take(key: string, now: number): Taken {
    const fullAt = Math.max(now, this.fullAt(key));
    const afterwards = fullAt + this.tokenMs;
    const isAllowed = afterwards - now <= this.burst * this.tokenMs;
    // Also when it is not: whoever goes on asking must not be forgotten for it.
    this.remember(key, isAllowed ? afterwards : fullAt);
    return this.describe(isAllowed, (isAllowed ? afterwards : fullAt) - now);
  }

  /** Whether there is a token, without taking it. */
  hasToken(key: string, now: number): boolean {
    return Math.max(now, this.fullAt(key)) + this.tokenMs - now <= this.burst * this.tokenMs;
  }

  private fullAt(key: string): number {
    return this.young.get(key) ?? this.old.get(key) ?? 0;
  }

  private remember(key: string, fullAt: number): void {
    this.young.set(key, fullAt);
    if (this.young.size < this.maxBuckets) return;
    this.old = this.young;
    this.young = new Map();
  }

  private describe(isAllowed: boolean, untilFullMs: number): Taken {
    const missing = Math.ceil(untilFullMs / this.tokenMs - 1e-9);
    const untilTokenMs = untilFullMs - (this.burst - 1) * this.tokenMs;
    return {
      isAllowed,
      remaining: Math.max(0, this.burst - missing),
      resetSeconds: Math.ceil(untilFullMs / 1_000),
      retryAfterSeconds: isAllowed ? 0 : Math.max(1, Math.ceil(untilTokenMs / 1_000)),
    };
  }
}

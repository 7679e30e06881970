/** Time and chance as the engine sees them: real in production, simulated in the model-based test. */
export interface Clock {
  now(): Date;
  /** Milliseconds that only grow, unaffected by changes of the wall clock. For leases and durations. */
  monotonicMs(): number;
  /** Calls `fn` once after `delayMs`; the answer cancels it. */
  setTimer(delayMs: number, fn: () => void): () => void;
  /** Calls `fn` after all pending promise reactions have run. */
  defer(fn: () => void): void;
  /** A number in [0, 1). */
  random(): number;
  /** A UUID version 7. */
  uuid(): string;
}

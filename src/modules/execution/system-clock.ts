import { v7 as uuidv7 } from 'uuid';
import type { Clock } from '../../engine/index.js';

/** The longest that a timer of Node takes; a longer one would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export class SystemClock implements Clock {
  now(): Date {
    return new Date();
  }

  monotonicMs(): number {
    return performance.now();
  }

  setTimer(delayMs: number, fn: () => void): () => void {
    const timer =
      delayMs > LONGEST_TIMER_MS
        ? setTimeout(() => (cancel = this.setTimer(delayMs - LONGEST_TIMER_MS, fn)), LONGEST_TIMER_MS)
        : setTimeout(fn, delayMs);
    let cancel = () => clearTimeout(timer);
    return () => cancel();
  }

  defer(fn: () => void): void {
    setImmediate(fn);
  }

  random(): number {
    return Math.random();
  }

  uuid(): string {
    return uuidv7();
  }
}

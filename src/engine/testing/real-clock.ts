import { v7 as uuidv7 } from 'uuid';
import type { Clock } from '../ports/clock.js';

/** The machine's clock, for specs in which a few milliseconds pass for real. */
export class RealClock implements Clock {
  now(): Date {
    return new Date();
  }

  monotonicMs(): number {
    return performance.now();
  }

  setTimer(delayMs: number, fn: () => void): () => void {
    const timer = setTimeout(fn, delayMs);
    return () => clearTimeout(timer);
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

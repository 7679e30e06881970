import type { Evidence } from './audit.js';

/** What the interruptions of a suite met with: proof that they did hit something. */
export class Tally {
  private rounds = 0;
  private acknowledged = 0;
  private runs = 0;
  private takenOver = 0;
  private calls = 0;
  private repeated = 0;
  private refused = 0;

  constructor(private readonly what: string) {}

  add({ acknowledged, runs, calls, refusals }: Evidence): void {
    this.rounds += 1;
    this.acknowledged += acknowledged.length;
    this.runs += runs.length;
    this.takenOver += runs.filter(({ events }) => events.some(({ type }) => type === 'execution.claimed')).length;
    this.calls += calls.length;
    this.repeated += calls.length - new Set(calls.map(({ idempotencyKey }) => idempotencyKey)).size;
    this.refused += refusals.length;
  }

  print(): void {
    const line = [
      `${this.what}: ${this.rounds} times`,
      `${this.acknowledged} starts acknowledged, ${this.refused} refused, ${this.runs} runs, ${this.takenOver} taken over`,
      `${this.calls} model calls, ${this.repeated} of them again because they were in flight`,
    ].join('; ');
    process.stdout.write(`${line}\n`);
  }
}

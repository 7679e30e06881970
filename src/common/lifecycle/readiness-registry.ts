import { Injectable } from '@nestjs/common';

/**
 * Looks at one dependency; rejects, with the reason as the message, when it is not usable. What it answers is a note for
 * operators on something that does not keep it from being used.
 */
export type ReadinessCheck = () => Promise<string | undefined | void>;

export interface CheckResult {
  readonly name: string;
  readonly isReady: boolean;
  readonly reason?: string;
  readonly note?: string;
  readonly durationMs: number;
}

const TIMEOUT_MS = 2_000;

/** The dependencies this process needs. A module registers what it needs when it starts. */
@Injectable()
export class ReadinessRegistry {
  private readonly checks = new Map<string, ReadinessCheck>();
  private running: Promise<CheckResult[]> | undefined;

  register(name: string, check: ReadinessCheck): void {
    if (this.checks.has(name)) throw new Error(`A readiness check named ${name} is registered already`);
    this.checks.set(name, check);
  }

  /** Probes that come at once share one round: the route is public. */
  run(): Promise<CheckResult[]> {
    this.running ??= Promise.all([...this.checks].map(([name, check]) => runCheck(name, check))).finally(() => {
      this.running = undefined;
    });
    return this.running;
  }
}

async function runCheck(name: string, check: ReadinessCheck): Promise<CheckResult> {
  const startedAt = performance.now();
  const outcome = await Promise.race([outcomeOf(check), timeout()]);
  return { name, ...outcome, durationMs: Math.round(performance.now() - startedAt) };
}

type Outcome = Pick<CheckResult, 'isReady' | 'reason' | 'note'>;

async function outcomeOf(check: ReadinessCheck): Promise<Outcome> {
  try {
    const note = await check();
    return { isReady: true, ...(note && { note }) };
  } catch (error) {
    return { isReady: false, reason: error instanceof Error && error.message ? error.message : String(error) };
  }
}

function timeout(): Promise<Outcome> {
  const outcome = { isReady: false, reason: `no answer within ${TIMEOUT_MS} ms` };
  return new Promise((resolve) => {
    setTimeout(() => resolve(outcome), TIMEOUT_MS).unref();
  });
}

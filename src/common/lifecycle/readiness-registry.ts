import { Injectable } from '@nestjs/common';

/** Looks at one dependency; rejects, with the reason as the message, when it is not usable. */
export type ReadinessCheck = () => Promise<void>;

export interface CheckResult {
  readonly name: string;
  readonly isReady: boolean;
  readonly reason?: string;
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
  const reason = await Promise.race([reasonOf(check), timeout()]);
  const durationMs = Math.round(performance.now() - startedAt);
  return { name, isReady: reason === undefined, durationMs, ...(reason !== undefined && { reason }) };
}

async function reasonOf(check: ReadinessCheck): Promise<string | undefined> {
  try {
    await check();
    return undefined;
  } catch (error) {
    return error instanceof Error && error.message ? error.message : String(error);
  }
}

function timeout(): Promise<string> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(`no answer within ${TIMEOUT_MS} ms`), TIMEOUT_MS).unref();
  });
}

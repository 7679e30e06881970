import type { Reporter, TestModule } from 'vitest/node';

interface Span {
  readonly beganAt: number;
  endedAt: number;
}

/**
 * Holds each suite (vitest project) to a time budget, from the start of its first file to the end of its last. In CI a suite
 * over its budget fails the run; elsewhere it is only told, since somebody's machine may be slow or busy.
 */
export class SuiteBudgets implements Reporter {
  private readonly spans = new Map<string, Span>();

  /** @param budgetSeconds by name of the project */
  constructor(
    private readonly budgetSeconds: Readonly<Record<string, number>>,
    private readonly isBinding: boolean,
  ) {}

  onTestModuleStart({ project }: TestModule): void {
    const now = Date.now();
    if (!this.spans.has(project.name)) this.spans.set(project.name, { beganAt: now, endedAt: now });
  }

  onTestModuleEnd({ project }: TestModule): void {
    const span = this.spans.get(project.name);
    if (span) span.endedAt = Date.now();
  }

  onTestRunEnd(): void {
    for (const [name, { beganAt, endedAt }] of this.spans) this.report(name, Math.round((endedAt - beganAt) / 1_000));
    this.spans.clear();
  }

  private report(name: string, seconds: number): void {
    const budget = this.budgetSeconds[name];
    const isOver = budget !== undefined && seconds > budget;
    process.stdout.write(`${isOver ? '!' : ' '} ${name}: ${seconds} s of ${budget ?? 'any'} s\n`);
    if (isOver && this.isBinding) process.exitCode = 1;
  }
}

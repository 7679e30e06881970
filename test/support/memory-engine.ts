import { v7 as uuidv7 } from 'uuid';
import type { ProgramDefinition } from '../../src/engine/program.js';
import type { RunEngine } from '../../src/engine/run-engine.js';
import { EngineHarness } from '../../src/engine/testing/engine-harness.js';

export interface SeenEvent {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface EndedRun {
  readonly status: string;
  readonly output: unknown;
  readonly error: unknown;
  readonly events: readonly SeenEvent[];
}

/** One program on the engine's harness: runs as in production, without a database. Values instead of their JSON. */
export class MemoryEngine {
  private readonly harness = new EngineHarness();
  private engine: RunEngine | undefined;

  private constructor(
    private readonly program: ProgramDefinition,
    private readonly more: { readonly stepSlots?: number },
  ) {}

  static async start(program: ProgramDefinition, more: { readonly stepSlots?: number } = {}): Promise<MemoryEngine> {
    const memory = new MemoryEngine(program, more);
    await memory.startEngine();
    return memory;
  }

  get chunks(): Array<{ readonly step: string; readonly offset: number; readonly text: string }> {
    return this.harness.chunks.map(({ step, offset, text }) => ({ step, offset, text }));
  }

  get faults(): readonly string[] {
    return this.harness.faults;
  }

  create(input: unknown, more: { readonly timeoutMs?: number } = {}): Promise<string> {
    const { kind, version } = this.program;
    const owner = { ownerId: uuidv7(), traceId: '0af7651916cd43dd8448eb211c80319c' };
    return this.harness.create(kind, { version, input: JSON.stringify(input), ...owner, ...more });
  }

  async run(input: unknown, more: { readonly timeoutMs?: number } = {}): Promise<EndedRun> {
    return this.ended(await this.create(input, more));
  }

  /** @throws {Error} when the run has not ended after `withinMs` */
  async ended(runId: string, withinMs = 5_000): Promise<EndedRun> {
    const { status, output, error } = await this.harness.ended(runId, withinMs);
    return { status, output: parsed(output), error: parsed(error), events: this.events(runId) };
  }

  events(runId: string): SeenEvent[] {
    return this.harness.run(runId).rows.map(({ name, payload }) => ({
      type: name,
      data: JSON.parse(payload) as Record<string, unknown>,
    }));
  }

  async cancel(runId: string): Promise<void> {
    await this.engine?.cancel(runId);
  }

  /** As in a crash, and a new process afterwards, which takes the runs over when the lease has run out. */
  async crash(): Promise<void> {
    this.engine?.kill();
    await this.startEngine();
  }

  async stop(): Promise<void> {
    await this.engine?.drain(1_000);
  }

  private async startEngine(): Promise<void> {
    this.engine = await this.harness.worker({}, { programs: [this.program], leaseMs: 400, ...this.more });
  }
}

function parsed(json: string | null): unknown {
  return json === null ? null : (JSON.parse(json) as unknown);
}

import { v7 as uuidv7 } from 'uuid';
import type { Clock } from '../../src/engine/ports/clock.js';
import type { EngineListener } from '../../src/engine/ports/listener.js';
import type { ProgramDefinition } from '../../src/engine/program.js';
import { RunEngine } from '../../src/engine/run-engine.js';
import { InMemoryStores } from '../../src/engine/testing/in-memory-stores.js';

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

const ENDED = ['completed', 'failed', 'cancelled'];

const realClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  setTimer: (delayMs, fn) => {
    const timer = setTimeout(fn, delayMs);
    return () => clearTimeout(timer);
  },
  defer: (fn) => setImmediate(fn),
  random: Math.random,
  uuid: uuidv7,
};

/** The real engine on its in-memory stores and real time: runs a program as in production, without a database. */
export class MemoryEngine {
  readonly chunks: Array<{ readonly step: string; readonly offset: number; readonly text: string }> = [];
  readonly faults: string[] = [];
  private readonly stores = new InMemoryStores(Date.now);
  private engine: RunEngine;

  private constructor(
    private readonly program: ProgramDefinition,
    private readonly more: { readonly stepSlots?: number },
  ) {
    this.engine = this.newEngine();
  }

  static async start(program: ProgramDefinition, more: { readonly stepSlots?: number } = {}): Promise<MemoryEngine> {
    const engine = new MemoryEngine(program, more);
    await engine.engine.start();
    return engine;
  }

  async create(input: unknown, more: { readonly timeoutMs?: number } = {}): Promise<string> {
    const id = uuidv7();
    const { kind, version } = this.program;
    const owner = { ownerId: uuidv7(), projectId: null, traceId: '0af7651916cd43dd8448eb211c80319c' };
    await this.engine.create({ id, kind, version, input: JSON.stringify(input), ...owner, ...more });
    return id;
  }

  async run(input: unknown, more: { readonly timeoutMs?: number } = {}): Promise<EndedRun> {
    return this.ended(await this.create(input, more));
  }

  /** @throws {Error} when the run has not ended after `timeoutMs` */
  async ended(runId: string, timeoutMs = 5_000): Promise<EndedRun> {
    const deadline = Date.now() + timeoutMs;
    while (!ENDED.includes(this.statusOf(runId))) {
      if (Date.now() > deadline)
        throw new Error(`Run ${runId} is still ${this.statusOf(runId)}: ${this.faults.join()}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const { status, output, error } = this.runOf(runId);
    return { status, output: parsed(output), error: parsed(error), events: this.events(runId) };
  }

  events(runId: string): SeenEvent[] {
    return this.runOf(runId).rows.map(({ name, payload }) => ({
      type: name,
      data: JSON.parse(payload) as Record<string, unknown>,
    }));
  }

  async cancel(runId: string): Promise<void> {
    await this.engine.cancel(runId);
  }

  /** As in a crash, and a new process afterwards, which takes the runs over when the lease has run out. */
  async crash(): Promise<void> {
    this.engine.kill();
    this.engine = this.newEngine();
    await this.engine.start();
  }

  async stop(): Promise<void> {
    await this.engine.drain(1_000);
  }

  private newEngine(): RunEngine {
    const listener: EngineListener = {
      committed: () => undefined,
      chunk: ({ step, offset, text }) => void this.chunks.push({ step, offset, text }),
      stepEnded: () => undefined,
      statusChanged: () => undefined,
      workAvailable: () => undefined,
      fault: (message, error) => void this.faults.push(`${message}: ${String(error)}`),
    };
    const { journal, queue, blobs } = this.stores;
    const worker = { name: 'memory', roles: ['worker'] };
    const pace = { leaseMs: 400, pollMs: 20 };
    return new RunEngine({
      journal,
      queue,
      blobs,
      clock: realClock,
      listener,
      programs: [this.program],
      worker,
      ...pace,
      ...this.more,
    });
  }

  private runOf(runId: string) {
    const run = this.stores.state.runs.get(runId);
    if (!run) throw new Error(`There is no run ${runId}`);
    return run;
  }

  private statusOf(runId: string): string {
    return this.runOf(runId).status;
  }
}

function parsed(json: string | null): unknown {
  return json === null ? null : (JSON.parse(json) as unknown);
}

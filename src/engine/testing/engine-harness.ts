import { v7 as uuidv7 } from 'uuid';
import { SystemClock } from '../../modules/execution/system-clock.js';
import type { JournalRow } from '../ports/journal.js';
import type { Chunk, EngineListener } from '../ports/listener.js';
import type { NewRun } from '../ports/run-queue.js';
import type { ProgramDefinition, RunContext } from '../program.js';
import { parseRecord } from '../record.js';
import { RunEngine, type RunEngineOptions } from '../run-engine.js';
import { isEnded, type MemoryRun } from './in-memory-state.js';
import { InMemoryStores } from './in-memory-stores.js';

type Run = (ctx: RunContext, input: never) => Promise<unknown>;

/** Engines over one in-memory truth, for specs that read like the behaviour they pin down. */
export class EngineHarness {
  readonly stores = new InMemoryStores(() => Date.now());
  readonly chunks: Chunk[] = [];
  readonly committed: JournalRow[] = [];
  /** What subscribers are told, in its order: keys of steps that are committed or over, and text. */
  readonly told: string[] = [];
  readonly faults: string[] = [];
  private readonly engines: RunEngine[] = [];

  /** A started worker; programs by kind. */
  async worker(programs: Readonly<Record<string, Run>>, options: Partial<RunEngineOptions> = {}): Promise<RunEngine> {
    const engine = new RunEngine({
      journal: this.stores.journal,
      queue: this.stores.queue,
      blobs: this.stores.blobs,
      clock: new SystemClock(),
      listener: this.listener(),
      programs: Object.entries(programs).map(([kind, run]) => ({ kind, version: 1, run }) as ProgramDefinition),
      worker: { name: 'spec', roles: ['worker'] },
      leaseMs: 600,
      pollMs: 20,
      ...options,
    });
    this.engines.push(engine);
    await engine.start();
    return engine;
  }

  async create(kind: string, overrides: Partial<NewRun> = {}): Promise<string> {
    const id = uuidv7();
    const base = { id, kind, version: 1, input: '{}', ownerId: 'owner', projectId: null, traceId: 'trace' };
    await this.stores.queue.create([{ ...base, ...overrides }]);
    for (const engine of this.engines) engine.wake();
    return id;
  }

  /** Makes a created run look as if a process had died after these rows. */
  adopt(id: string, rows: ReadonlyArray<{ seq: number; name: string; payload: unknown; record: unknown }>): void {
    const run = this.run(id);
    const stored = rows.map(({ seq, name, payload, record }) => ({
      seq,
      name,
      payload: JSON.stringify(payload),
      record: record === null ? null : JSON.stringify(record),
      at: new Date(),
    }));
    run.rows.push(...stored);
    run.epoch = 1;
    run.takeover = true;
  }

  run(id: string): MemoryRun {
    const run = this.stores.state.runs.get(id);
    if (run === undefined) throw new Error(`no run ${id}`);
    return run;
  }

  async ended(id: string, withinMs?: number): Promise<MemoryRun> {
    await this.until(() => isEnded(this.run(id).status), `run ${id} to end (${this.faults.join()})`, withinMs);
    return this.run(id);
  }

  names(id: string): readonly string[] {
    return this.run(id).rows.map(({ name }) => name);
  }

  async until(condition: () => boolean, what: string, withinMs = 3_000): Promise<void> {
    const deadline = Date.now() + withinMs;
    while (!condition()) {
      if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  close(): void {
    for (const engine of this.engines) engine.kill();
  }

  private listener(): EngineListener {
    return {
      committed: (_lease, rows) => {
        this.committed.push(...rows);
        this.told.push(...rows.flatMap((row) => parseRecord(row)?.k ?? []).map((key) => `committed ${key}`));
      },
      chunk: (chunk) => {
        this.chunks.push(chunk);
        this.told.push(chunk.text);
      },
      stepEnded: (_lease, step) => void this.told.push(`ended ${step}`),
      statusChanged: () => undefined,
      workAvailable: () => undefined,
      fault: (message) => void this.faults.push(message),
    };
  }
}

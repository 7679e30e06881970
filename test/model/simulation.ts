import { DEFAULT_LIMITS } from '../../src/engine/limits.js';
import type { Chunk, EngineListener } from '../../src/engine/ports/listener.js';
import type { JournalRow, Lease } from '../../src/engine/ports/journal.js';
import { RunEngine } from '../../src/engine/run-engine.js';
import { InMemoryStores } from '../../src/engine/testing/in-memory-stores.js';
import { isEnded } from '../../src/engine/testing/in-memory-state.js';
import { checkRuns } from './check.js';
import { FaultyStores, type Weather } from './faulty-stores.js';
import { Random } from './random.js';
import { SimClock, SimTime } from './sim-clock.js';
import { isEndOf, predecessorsOf } from './order.js';
import { KIND, makeProgram, type Op, simProgram } from './sim-program.js';
import { World } from './world.js';

const LEASE_MS = 3_000;
const CHAOS_MS = 12_000;
const CALM_MS = 400_000;
const LIMITS = {
  ...DEFAULT_LIMITS,
  maxSteps: 500,
  maxJournalBytes: 1_000_000,
  maxInlineBytes: 400,
  maxPayloadBytes: 100_000,
};

interface Worker {
  readonly name: string;
  readonly engine: RunEngine;
  readonly clock: SimClock;
}

export interface SimulationResult {
  readonly violations: readonly string[];
  readonly simulatedMs: number;
  readonly runs: number;
  readonly rows: number;
  readonly faults: Readonly<Record<string, number>>;
}

/** One seeded history: some runs, some workers, much trouble, then calm; afterwards everything must have ended well. */
export class Simulation {
  private readonly random: Random;
  private readonly time = new SimTime();
  private readonly stores: InMemoryStores;
  private readonly world: World;
  private readonly weather: Weather = { lostRequest: 0, lostAnswer: 0, awayUntilMs: 0 };
  private readonly workers: Worker[] = [];
  private readonly roots: string[] = [];
  private readonly faults: Record<string, number> = {};
  private readonly delivered = new Map<string, JournalRow[]>();
  private workerCount = 0;
  private idCount = 0;

  constructor(readonly seed: number) {
    this.random = new Random(seed);
    this.stores = new InMemoryStores(
      () => this.time.date.getTime(),
      () => this.newId(),
    );
    this.world = new World(this.time, this.stores, () => this.count('held'));
  }

  async run(): Promise<SimulationResult> {
    this.createRuns();
    const workers = this.random.int(1, 3);
    for (let n = 0; n < workers; n += 1) this.addWorker();
    this.planChaos();
    await this.time.run(CHAOS_MS);
    this.calmDown();
    await this.time.run(this.time.nowMs + CALM_MS, () => this.allEnded());
    await this.time.run(this.time.nowMs + 2_000);
    checkRuns(this.stores, this.world, this.delivered);
    for (const { engine } of this.workers) engine.kill();
    return this.result();
  }

  private newId(): string {
    return `id-${String((this.idCount += 1)).padStart(6, '0')}`;
  }

  private createRuns(): void {
    const count = this.random.int(1, 5);
    for (let n = 0; n < count; n += 1) {
      const id = this.newId();
      this.roots.push(id);
      const program = JSON.stringify(makeProgram(this.random));
      const concurrency = this.random.chance(0.2) ? { concurrency: { key: 'shared', limit: 1 } } : {};
      this.time.schedule(this.random.int(0, 3_000), () => {
        const base = { kind: KIND, version: 1, ownerId: 'owner', projectId: null, traceId: 'trace' };
        void this.stores.queue.create([{ ...base, id, input: program, ...concurrency }]);
      });
    }
  }

  private addWorker(): void {
    const name = `worker-${(this.workerCount += 1)}`;
    const clock = new SimClock(this.time, this.random, () => this.newId());
    const { journal, queue, blobs } = new FaultyStores(this.stores, this.time, clock, this.random, this.weather);
    const engine = new RunEngine({
      journal,
      queue,
      blobs,
      clock,
      listener: this.listener(name),
      // The engine knows programs by their wire types only.
      programs: [simProgram(this.world, name) as never],
      worker: { name, roles: ['worker'] },
      leaseMs: LEASE_MS,
      stepSlots: this.random.pick([1, 3, 16]),
      maxRuns: this.random.pick([2, 32]),
      pollMs: 250,
      limits: LIMITS,
    });
    this.world.clocks.set(name, clock);
    this.workers.push({ name, engine, clock });
    void engine.start();
  }

  private listener(worker: string): EngineListener {
    return {
      committed: (lease, rows) => this.onCommitted(worker, lease, rows),
      chunk: (chunk) => this.onChunk(worker, chunk),
      stepEnded: () => undefined,
      statusChanged: () => undefined,
      workAvailable: () => undefined,
      fault: (message, error) => this.onFault(message, error),
    };
  }

  private onCommitted(worker: string, lease: Lease, rows: readonly JournalRow[]): void {
    const key = `${worker} ${lease.runId}`;
    this.delivered.set(key, [...(this.delivered.get(key) ?? []), ...rows]);
  }

  /** Text comes behind all that it follows, and before its own end. */
  private onChunk(worker: string, { lease: { runId }, step }: Chunk): void {
    const run = this.stores.state.runs.get(runId);
    const before = (run && predecessorsOf(run).get(step)) ?? [];
    const isMissing = ({ op, key }: Op) => op !== 'emit' && !run?.rows.some((row) => isEndOf(row, key));
    const missing = before.find(isMissing)?.key;
    if (missing) this.world.violate(`${worker} said text of ${runId}:${step} before ${missing} was committed`);
    const isLate = this.delivered.get(`${worker} ${runId}`)?.some((row) => isEndOf(row, step));
    if (isLate) this.world.violate(`${worker} said text of ${runId}:${step} behind its end`);
  }

  private onFault(message: string, error: unknown): void {
    this.count(message);
    // Programming errors hide behind "the database does not answer": those are never part of the weather.
    if (error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError) {
      this.world.violate(`${message}: ${error.stack}`);
    }
  }

  private count(what: string): void {
    this.faults[what] = (this.faults[what] ?? 0) + 1;
  }

  // Trouble

  private planChaos(): void {
    if (this.random.chance(0.7)) {
      this.weather.lostRequest = this.random.pick([0, 0.02, 0.1]);
      this.weather.lostAnswer = this.random.pick([0, 0.02, 0.1]);
    }
    const incidents = this.random.int(0, 14);
    for (let n = 0; n < incidents; n += 1) this.time.schedule(this.random.int(0, CHAOS_MS), () => this.incident());
  }

  private incident(): void {
    const roll = this.random.next();
    if (roll < 0.2) this.crash();
    else if (roll < 0.35) this.freeze();
    else if (roll < 0.42) this.drain();
    else if (roll < 0.5) this.databaseAway();
    else if (roll < 0.62) this.cancel();
    else if (roll < 0.72) void this.stores.queue.pause(this.anyRun());
    else if (roll < 0.82) void this.stores.queue.resume(this.anyRun());
    else this.signal(this.anyRun());
  }

  private crash(): void {
    const worker = this.workers.shift();
    if (worker === undefined) return;
    this.count('crash');
    worker.clock.die();
    worker.engine.kill();
    this.time.schedule(this.random.int(0, 4_000), () => this.addWorker());
  }

  private freeze(): void {
    const worker = this.workers.length > 0 ? this.random.pick(this.workers) : undefined;
    if (worker === undefined) return;
    this.count('freeze');
    worker.clock.freeze(this.random.int(100, LEASE_MS * 3));
  }

  private drain(): void {
    const worker = this.workers.shift();
    if (worker === undefined) return;
    this.count('drain');
    void worker.engine.drain(this.random.int(0, 1_000)).then(() => worker.clock.die());
    this.time.schedule(this.random.int(0, 2_000), () => this.addWorker());
  }

  private databaseAway(): void {
    this.count('database away');
    this.weather.awayUntilMs = this.time.nowMs + this.random.int(100, 5_000);
  }

  private cancel(): void {
    const runId = this.anyRun();
    void this.stores.queue.cancel(runId, 'as planned').then((outcome) => {
      if (outcome !== 'requested') return;
      this.count('cancel');
      const run = this.stores.state.runs.get(runId);
      for (const each of run ? this.stores.state.treeOf(run) : []) {
        if (!isEnded(each.status) && !this.world.cancelledAt.has(each.spec.id)) {
          this.world.cancelledAt.set(each.spec.id, this.time.nowMs);
        }
      }
    });
  }

  /** Signals everything that the run's program may ever wait for; some come early. */
  private signal(runId: string): void {
    const input = this.stores.state.runs.get(runId)?.spec.input ?? '';
    for (const [, key] of input.matchAll(/"op":"wait","key":"(\w+)"/g)) {
      if (key !== undefined) void this.stores.queue.signal(runId, key, JSON.stringify({ signalled: key }));
    }
  }

  private anyRun(): string {
    const ids = [...this.stores.state.runs.keys()];
    return ids.length > 0 ? this.random.pick(ids) : 'none';
  }

  // Calm

  /** Trouble ends: enough healthy workers, everything resumed and answered. Whatever does not end now is stuck. */
  private calmDown(): void {
    this.weather.lostRequest = 0;
    this.weather.lostAnswer = 0;
    this.addWorker();
    this.answerAll();
  }

  private answerAll(): void {
    if (this.allEnded()) return;
    for (const [id, run] of this.stores.state.runs) {
      void this.stores.queue.resume(id);
      this.signal(id);
      for (const { record } of run.rows) {
        const [, question] = /"k":"(interrupted:[^"]+)"/.exec(record ?? '') ?? [];
        const answer = JSON.stringify({ decision: this.random.pick(['approve', 'reject']) });
        if (question !== undefined) void this.stores.queue.signal(id, question, answer);
      }
    }
    this.time.schedule(5_000, () => this.answerAll());
  }

  private allEnded(): boolean {
    if (this.stores.state.runs.size < this.roots.length) return false;
    for (const run of this.stores.state.runs.values()) if (!isEnded(run.status)) return false;
    return true;
  }

  private result(): SimulationResult {
    const runs = [...this.stores.state.runs.values()];
    return {
      violations: this.world.violations,
      simulatedMs: this.time.nowMs,
      runs: runs.length,
      rows: runs.reduce((sum, run) => sum + run.rows.length, 0),
      faults: this.faults,
    };
  }
}

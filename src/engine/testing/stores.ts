import { v7 as uuidv7 } from 'uuid';
import type { BlobStore } from '../ports/blob-store.js';
import type { AppendOutcome, Journal, Lease, NewRow, RunAppend, Transition } from '../ports/journal.js';
import type { ClaimableKind, ClaimedRun, NewRun, RunQueue } from '../ports/run-queue.js';

/** The three stores over one truth, empty. The contract suites ask for a new set before each test. */
export interface Stores {
  readonly journal: Journal;
  readonly queue: RunQueue;
  readonly blobs: BlobStore;
  /** Moves a simulated clock. Absent where time is real: the suites then wait. */
  advance?(ms: number): void | Promise<void>;
  /** What the stores' clock says. Absent where it is this machine's. */
  now?(): Date;
  close(): Promise<void>;
}

export type MakeStores = () => Promise<Stores>;

export const KIND = 'contract';
export const KINDS: readonly ClaimableKind[] = [{ kind: KIND, versions: [1] }];
export const OWNER = '01890000-0000-7000-8000-0000000000aa';
export const OTHER_OWNER = '01890000-0000-7000-8000-0000000000bb';

/** Long enough for a busy machine where time is real, and a span in which it is surely over. */
export const SHORT_LEASE_MS = 1_000;
export const PAST_LEASE_MS = 1_300;

export function newRun(overrides: Partial<NewRun> = {}): NewRun {
  return {
    id: uuidv7(),
    kind: KIND,
    version: 1,
    input: '{"n":1}',
    ownerId: OWNER,
    projectId: null,
    traceId: '0af7651916cd43dd8448eb211c80319c',
    ...overrides,
  };
}

export function childOf(lease: Lease, key: string, overrides: Partial<NewRun> = {}): NewRun {
  return newRun({
    parent: { runId: lease.runId, rootRunId: lease.rootRunId, key, epoch: lease.epoch },
    ...overrides,
  });
}

export function row(name: string, payload = '{}', record: string | null = null): NewRow {
  return { name, payload, record };
}

export function appendOf(lease: Lease, firstSeq: number, rows: readonly NewRow[], transition?: Transition): RunAppend {
  return { lease, firstSeq, rows, children: [], ...(transition && { transition }) };
}

/** What the suites say most often, in words. */
export class StoreDriver {
  constructor(readonly stores: Stores) {}

  async pass(ms: number): Promise<void> {
    if (this.stores.advance) await this.stores.advance(ms);
    else await new Promise((resolve) => setTimeout(resolve, ms));
  }

  inMs(ms: number): Date {
    return new Date((this.stores.now?.() ?? new Date()).getTime() + ms);
  }

  worker(leaseMs = 60_000): Promise<number> {
    return this.stores.queue.register({ name: 'contract', roles: ['worker'] }, leaseMs);
  }

  claim(worker: number, max = 10): Promise<readonly ClaimedRun[]> {
    return this.stores.queue.claim(worker, KINDS, max);
  }

  async claimedIds(worker: number, max = 10): Promise<readonly string[]> {
    return (await this.claim(worker, max)).map((run) => run.lease.runId);
  }

  async claimOne(worker: number): Promise<ClaimedRun> {
    const [run, ...others] = await this.claim(worker);
    if (!run || others.length > 0) throw new Error(`expected one claimable run, got ${others.length + (run ? 1 : 0)}`);
    return run;
  }

  /** A run that `worker` (or a new one) holds. */
  async started(worker?: number, overrides: Partial<NewRun> = {}): Promise<Lease> {
    const holder = worker ?? (await this.worker());
    await this.stores.queue.create([newRun(overrides)]);
    return (await this.claimOne(holder)).lease;
  }

  async append(append: RunAppend): Promise<AppendOutcome> {
    const [outcome] = await this.stores.journal.append([append]);
    if (!outcome) throw new Error('the journal answered no outcome');
    return outcome;
  }

  async names(lease: Lease): Promise<readonly string[]> {
    return (await this.stores.journal.load(lease, 0)).rows.map((entry) => entry.name);
  }

  /** What `claim` told a holder, as its transitions have to quote it. */
  async intentSeq(lease: Lease): Promise<number> {
    const intents = await this.stores.queue.intents(lease.workerId);
    return intents.find((intent) => intent.runId === lease.runId)?.intentSeq ?? 0;
  }

  async release(lease: Lease, to: 'waiting' | 'paused', wakeAt: Date | null = null): Promise<AppendOutcome> {
    const intentSeq = await this.intentSeq(lease);
    const transition: Transition = to === 'paused' ? { to, intentSeq } : { to, wakeAt, intentSeq };
    return this.append(appendOf(lease, 1, [], transition));
  }

  /** Starts a child and answers it claimed by `worker`. */
  async startedChild(parent: Lease, firstSeq: number, key: string, worker: number): Promise<Lease> {
    const outcome = await this.append({
      lease: parent,
      firstSeq,
      rows: [row('child.started')],
      children: [childOf(parent, key)],
    });
    if (outcome.kind !== 'committed') throw new Error(`the child was not started: ${outcome.kind}`);
    return (await this.claimOne(worker)).lease;
  }
}

import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Idempotency } from '../../common/idempotency/idempotency.js';
import { newId } from '../../common/ids/id.js';
import { currentTraceId } from '../../common/tracing/current-trace.js';
import { type NewRun, Serializer, UnstorableValueError } from '../../engine/index.js';
import { StreamNotices } from '../streams/stream-notices.js';
import { EngineHost } from './engine-host.js';
import { type Launch, launchRefs } from './launch-refs.js';
import {
  AlreadySignalledError,
  TooManySignalsError,
  RunEndedError,
  RunNotFoundError,
  ValueTooLargeError,
} from './execution.errors.js';
import { KnownSecrets } from './known-secrets.js';
import { enqueueParameters } from './enqueue-parameters.js';
import { CANCEL_RUN, ENQUEUE_RUNS } from './sql/queue.sql.js';
import { StartAnnouncer } from './start-announcer.js';

const rethrow = (what: string) => (error: unknown) => {
  throw error instanceof UnstorableValueError ? new ValueTooLargeError(what, error) : error;
};

export interface StartRun extends Launch {
  /** UUID version 7. Starting the same id again changes nothing. */
  readonly id?: string;
  readonly kind: string;
  readonly input: unknown;
  readonly ownerId: string;
  readonly projectId?: string | null;
  /** Ids that the run is shown with (`flow_id`, …). */
  readonly refs?: Readonly<Record<string, string | number>>;
  readonly startAt?: Date;
  /** 32 hexadecimal digits. Default: the request's. */
  readonly traceId?: string;
  /** What commits with the run, before it: rows that belong to it. */
  readonly alongside?: (manager: EntityManager, runId: string) => Promise<unknown>;
  /** What a route answers beside `run_id` and `status`: for who asks again by an idempotency key. */
  readonly answer?: Readonly<Record<string, unknown>>;
}

/** A run that has not been started yet. */
export interface RunDraft {
  readonly run: NewRun;
  readonly alongside: StartRun['alongside'];
}

/** A request body, and what is laid over it. */
const MAX_INPUT_BYTES = 20 * 1024 * 1024;

/** Starts and steers runs, wherever they are executed. Who may is asked by its callers. */
@Injectable()
export class ExecutionService {
  private readonly serializer: Serializer;

  constructor(
    private readonly host: EngineHost,
    private readonly announcer: StartAnnouncer,
    private readonly notices: StreamNotices,
    private readonly database: DataSource,
    private readonly idempotency: Idempotency,
    secrets: KnownSecrets,
  ) {
    this.serializer = new Serializer(secrets);
  }

  /**
   * Creates a run and puts it in line, in one insert.
   *
   * @param manager of the caller's transaction, when the run must commit with something of the caller's. It holds the
   * owner's place in line from then on, so the start should be the last thing it does.
   */
  async start(run: StartRun, manager?: EntityManager): Promise<{ runId: string }> {
    const created = this.toNewRun(run);
    if (manager) await this.startIn(manager, created, run);
    // The key of the request commits with the run.
    else if (run.alongside || this.idempotency.isKeyed)
      await this.database.transaction((own) => this.startIn(own, created, run));
    else await this.host.engine.create(created);
    return { runId: created.id };
  }

  /**
   * A run that is to be started by {@link startDrafts}, checked already.
   *
   * @throws {UnstorableValueError} when its input is too large
   */
  draft(run: StartRun): RunDraft {
    return { run: this.toNewRun(run), alongside: run.alongside };
  }

  /** Starts many runs with something of the caller's. They hold their owners' places in line until the commit. */
  async startDrafts(manager: EntityManager, drafts: readonly RunDraft[]): Promise<void> {
    if (drafts.length === 0) return;
    for (const { run, alongside } of drafts) await alongside?.(manager, run.id);
    await manager.query(ENQUEUE_RUNS.text, enqueueParameters(drafts.map(({ run }) => run)));
    this.announcer.startedIn(manager);
  }

  /** Cancels with something of the caller's; one that has ended stays as it is. */
  async cancelIn(manager: EntityManager, runId: string, reason: string): Promise<void> {
    await manager.query(CANCEL_RUN.text, [runId, reason]);
    this.announcer.cancelledIn(manager);
  }

  private async startIn(manager: EntityManager, run: NewRun, { answer, alongside }: StartRun): Promise<void> {
    await alongside?.(manager, run.id);
    await this.idempotency.startedIn(manager, run.id, { run_id: run.id, status: 'queued', ...answer });
    await manager.query(ENQUEUE_RUNS.text, enqueueParameters([run]));
    this.announcer.startedIn(manager);
  }

  /**
   * Marks the run and all its descendants. True when it had been cancelled to the end already.
   *
   * @throws {RunEndedError} when it ended otherwise
   */
  async cancel(runId: string, reason: string | null = null): Promise<{ isOver: boolean }> {
    const outcome = await this.host.engine.cancel(runId, reason);
    if (outcome === 'not_found') throw new RunNotFoundError(runId);
    if (outcome === 'ended') throw new RunEndedError(runId);
    this.notices.hint('intent');
    return { isOver: outcome === 'already_cancelled' };
  }

  /** @throws {RunEndedError} */
  async pause(runId: string): Promise<void> {
    await this.steer('pause', runId);
  }

  /** @throws {RunEndedError} */
  async resume(runId: string): Promise<void> {
    await this.steer('resume', runId);
  }

  /** @throws {RunEndedError}, {@link AlreadySignalledError} when the key was used before, {@link TooManySignalsError}, {@link ValueTooLargeError} */
  async signal(runId: string, key: string, payload: unknown): Promise<void> {
    const outcome = await this.host.engine.signal(runId, key, payload).catch(rethrow('The answer'));
    if (outcome === 'not_found') throw new RunNotFoundError(runId);
    if (outcome === 'ended') throw new RunEndedError(runId);
    if (outcome === 'already_signalled') throw new AlreadySignalledError(runId, key);
    if (outcome === 'too_many') throw new TooManySignalsError(runId);
    this.notices.hint('intent');
  }

  private async steer(verb: 'pause' | 'resume', runId: string): Promise<void> {
    const { kind } = await this.host.engine[verb](runId);
    if (kind === 'not_found') throw new RunNotFoundError(runId);
    if (kind === 'ended') throw new RunEndedError(runId);
    this.notices.hint('intent');
  }

  private toNewRun(run: StartRun): NewRun {
    const {
      id = newId(),
      input,
      projectId = null,
      traceId = currentTraceId(),
      answer: _,
      alongside: __,
      ...rest
    } = run;
    return {
      ...rest,
      refs: { ...rest.refs, ...launchRefs(rest) },
      id,
      projectId,
      traceId,
      version: this.host.engine.programOf(rest.kind).version,
      input: this.serializer.encode(input, MAX_INPUT_BYTES),
    };
  }
}

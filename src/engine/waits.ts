import type { FailureInfo } from './errors.js';
import type { EndedChild, NewRun, RunInbox } from './ports/run-queue.js';
import type { ChildOptions, RunEvent, WaitOptions } from './program.js';
import { stepCompleted, stepFailed, stepStarted } from './row-factory.js';
import { PLAINLY } from './run-appender.js';
import type { RunSession } from './run-session.js';

interface OpenWait {
  readonly kind: 'signal' | 'sleep' | 'child';
  readonly resolved?: WaitOptions<unknown>['resolved'];
  /** When it is over by itself, in milliseconds since 1970. */
  readonly wakeAtMs: number | undefined;
  cancelTimer?: () => void;
}

/** A timer is set anew at least this often, which keeps it within a timer's range and true to a moved clock. */
const LONGEST_TIMER_MS = 3_600_000;

/** Signals, sleeps and children: what a run waits for without holding memory. */
export class Waits {
  private readonly open = new Map<string, OpenWait>();
  private readonly signals = new Map<string, string>();
  private readonly endedChildren = new Map<string, EndedChild>();

  constructor(private readonly session: RunSession) {}

  /** The instant at which the first of them is over by itself. */
  get nextWakeAtMs(): number | undefined {
    let first: number | undefined;
    for (const { wakeAtMs } of this.open.values()) {
      if (wakeAtMs !== undefined && (first === undefined || wakeAtMs < first)) first = wakeAtMs;
    }
    return first;
  }

  startSignal(key: string, options: WaitOptions<unknown>): void {
    const { replay } = this.session;
    const isAnnounced = replay.waits.has(key);
    const deadline =
      options.timeoutMs === undefined ? undefined : this.session.clock.now().getTime() + options.timeoutMs;
    const wakeAtMs = isAnnounced ? replay.waits.get(key) : deadline;
    if (!isAnnounced) this.announce(key, options.requested, wakeAtMs);
    this.add(key, { kind: 'signal', resolved: options.resolved, wakeAtMs });
  }

  startSleep(key: string, at: Date): void {
    this.add(key, { kind: 'sleep', wakeAtMs: at.getTime() });
  }

  startChild(key: string, child: Omit<NewRun, 'parent'>, options: ChildOptions): void {
    const { lease, replay, rows } = this.session;
    if (!replay.children.has(key)) {
      const parent = { runId: lease.runId, rootRunId: lease.rootRunId, key, epoch: lease.epoch };
      const started = options.started?.(child.id);
      this.session.appender.pushChild(
        { ...child, parent },
        started ? [rows.event(started, { k: key, child: child.id })] : [],
      );
    }
    this.add(key, { kind: 'child', wakeAtMs: undefined });
  }

  /** What came from outside; kept for waits that the program has not reached yet. */
  receive(inbox: RunInbox): void {
    for (const { key, payload } of inbox.signals) this.signals.set(key, payload);
    for (const child of inbox.endedChildren) this.endedChildren.set(child.key, child);
    this.check();
  }

  /** Ends what is over, when the run may go on. */
  check(): void {
    for (const [key, wait] of this.open) this.checkOne(key, wait);
  }

  stopTimers(): void {
    for (const wait of this.open.values()) wait.cancelTimer?.();
  }

  private announce(key: string, requested: RunEvent | undefined, until: number | undefined): void {
    if (requested === undefined && until === undefined) return;
    const record = until === undefined ? { k: key, wait: true as const } : { k: key, wait: true as const, until };
    this.session.appender.push([this.session.rows.event(requested ?? stepStarted(key, 1), record)]);
  }

  private add(key: string, wait: OpenWait): void {
    this.open.set(key, wait);
    this.checkOne(key, wait);
    if (this.open.has(key) && wait.wakeAtMs !== undefined) this.setTimer(key, wait, wait.wakeAtMs);
  }

  private setTimer(key: string, wait: OpenWait, wakeAtMs: number): void {
    const delayMs = Math.min(Math.max(wakeAtMs - this.session.clock.now().getTime(), 0), LONGEST_TIMER_MS);
    wait.cancelTimer = this.session.clock.setTimer(delayMs, () => {
      if (!this.open.has(key) || this.session.isGone) return;
      this.checkOne(key, wait);
      // Held back by a pause: whoever resumes the run sees that it is due.
      if (this.open.has(key) && this.session.mayStart()) this.setTimer(key, wait, wakeAtMs);
    });
  }

  private checkOne(key: string, wait: OpenWait): void {
    if (!this.session.mayStart()) return;
    const result = this.resultOf(key, wait);
    if (result === undefined) return;
    wait.cancelTimer?.();
    this.open.delete(key);
    this.session.guard(() => this.settle(key, wait, result));
  }

  private settle(key: string, wait: OpenWait, result: WaitResult): void {
    const info = { key, attempt: 1, durationMs: 0 };
    if ('error' in result) {
      this.session.appender.settle(
        key,
        PLAINLY,
        this.session.rows.failure(key, result.error, stepFailed(result.error, info)),
      );
    } else {
      this.session.appender.settleValue(
        key,
        PLAINLY,
        result.value,
        wait.resolved?.(result.value) ?? stepCompleted(info),
      );
    }
  }

  private resultOf(key: string, wait: OpenWait): WaitResult | undefined {
    const isDue = wait.wakeAtMs !== undefined && this.session.clock.now().getTime() >= wait.wakeAtMs;
    if (wait.kind === 'sleep') return isDue ? { value: null } : undefined;
    if (wait.kind === 'child') return childResult(this.endedChildren.get(key));
    const payload = this.signals.get(key);
    if (payload !== undefined) return { value: JSON.parse(payload) };
    return isDue ? { error: { code: 'WAIT_TIMED_OUT', message: `Nobody answered ${key} in time` } } : undefined;
  }
}

type WaitResult = { readonly value: unknown } | { readonly error: FailureInfo };

function childResult(child: EndedChild | undefined): WaitResult | undefined {
  if (child === undefined) return undefined;
  if (child.status === 'completed') return { value: child.output === null ? null : JSON.parse(child.output) };
  const details = { child_run_id: child.runId };
  if (child.status === 'cancelled') {
    return { error: { code: 'CHILD_CANCELLED', message: 'The child run was cancelled', details } };
  }
  const error = JSON.parse(child.error ?? '{}') as Partial<FailureInfo>;
  return {
    error: {
      code: error.code ?? 'CHILD_FAILED',
      message: error.message ?? 'The child run failed',
      details: { ...error.details, ...details },
    },
  };
}

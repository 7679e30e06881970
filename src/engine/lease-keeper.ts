import type { Clock } from './ports/clock.js';
import type { RunQueue } from './ports/run-queue.js';

export interface LeaseKeeperOptions {
  readonly queue: RunQueue;
  readonly clock: Clock;
  readonly worker: { readonly name: string; readonly roles: readonly string[] };
  /** How long a lease lasts without a heartbeat, in milliseconds. */
  readonly leaseMs: number;
  /** All leases may be another's by now. */
  readonly onLost: () => void;
  /** A heartbeat got through. */
  readonly onBeat: () => void;
  readonly onFault: (message: string, error: unknown) => void;
}

const BEATS_PER_LEASE = 3;

/** Keeps this process registered: one heartbeat prolongs the leases of all its runs. */
export class LeaseKeeper {
  private workerId: number | undefined;
  private validUntilMs = 0;
  private stopTimer: () => void = () => undefined;
  private isStopped = false;

  constructor(private readonly options: LeaseKeeperOptions) {}

  /** Undefined while not registered. */
  get id(): number | undefined {
    return this.workerId;
  }

  /** False as soon as another process may have taken our runs, whether or not we heard of it. */
  get isValid(): boolean {
    return this.workerId !== undefined && this.options.clock.monotonicMs() < this.validUntilMs;
  }

  async start(): Promise<void> {
    await this.beat();
  }

  /** Ends the registration; what is still held is taken over by others at once. */
  async stop(): Promise<void> {
    this.isStopped = true;
    this.stopTimer();
    try {
      if (this.workerId !== undefined) await this.options.queue.retire(this.workerId);
    } catch (error) {
      this.options.onFault('could not end the registration; it runs out by itself', error);
    }
    this.workerId = undefined;
  }

  /** As in a crash: no word to anybody. */
  kill(): void {
    this.isStopped = true;
    this.stopTimer();
  }

  private async beat(): Promise<void> {
    // Counted from before the call: the database may have counted from then.
    const askedAtMs = this.options.clock.monotonicMs();
    try {
      await (this.workerId === undefined ? this.register(askedAtMs) : this.prolong(this.workerId, askedAtMs));
      if (!this.isStopped) this.options.onBeat();
    } catch (error) {
      this.options.onFault('the heartbeat failed; trying again', error);
    }
    if (!this.isStopped) this.schedule();
  }

  private async register(askedAtMs: number): Promise<void> {
    this.workerId = await this.options.queue.register(this.options.worker, this.options.leaseMs);
    this.validUntilMs = askedAtMs + this.options.leaseMs;
  }

  private async prolong(workerId: number, askedAtMs: number): Promise<void> {
    if (await this.options.queue.heartbeat(workerId, this.options.leaseMs)) {
      this.validUntilMs = askedAtMs + this.options.leaseMs;
      return;
    }
    this.workerId = undefined;
    this.options.onLost();
    if (!this.isStopped) await this.register(this.options.clock.monotonicMs());
  }

  private schedule(): void {
    const everyMs = this.options.leaseMs / BEATS_PER_LEASE;
    this.stopTimer = this.options.clock.setTimer(everyMs, () => void this.beat());
  }
}

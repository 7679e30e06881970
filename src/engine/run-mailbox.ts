import { NonDeterministicProgramError, RecordedFailure } from './errors.js';
import type { Clock } from './ports/clock.js';
import type { Settlement } from './record.js';

/** Work keeps a run in memory; a run that only waits, for a child or anything else, may leave it. */
export type AskKind = 'work' | 'wait' | 'child';

interface Ask {
  readonly kind: AskKind;
  readonly start: () => void;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  isStarted: boolean;
}

export interface MailboxHost {
  readonly clock: Clock;
  /** Whether new work may begin: not while pausing, draining or ending. */
  mayStart(): boolean;
  /** Everything delivered so far is settled and the program has reacted to it. */
  onSettled(): void;
  onFault(error: unknown): void;
  loadBlob(id: string): Promise<unknown>;
}

/**
 * Joins what a program asks for with what the journal holds, in journal order.
 *
 * Each settlement gets a turn of the event loop of its own, so that the program has reacted to one before it sees the
 * next: live and in every replay the same. New work starts when no recorded result is left.
 */
export class RunMailbox {
  private readonly asked = new Map<string, Ask>();
  private readonly used = new Set<string>();
  private readonly settlements: Settlement[];
  private head = 0;
  private isLive = false;
  private isTurnDue = false;
  private isLoading = false;
  private isClosed = false;

  constructor(
    private readonly host: MailboxHost,
    recorded: readonly Settlement[],
  ) {
    this.settlements = [...recorded];
    this.isLive = recorded.length === 0;
  }

  /** True when the program awaits nothing but waits, and all of them are under way. */
  get onlyWaits(): boolean {
    if (!this.isQuiet || this.asked.size === 0) return false;
    for (const ask of this.asked.values()) if (ask.kind === 'work' || !ask.isStarted) return false;
    return true;
  }

  /** Of what it awaits, nothing but children will come. */
  get onlyWaitsForChildren(): boolean {
    for (const { kind } of this.asked.values()) if (kind !== 'child') return false;
    return this.asked.size > 0;
  }

  /** Some child has not ended yet, or is not known to have. */
  get awaitsChildren(): boolean {
    for (const { kind } of this.asked.values()) if (kind === 'child') return true;
    return false;
  }

  /** Nothing is left to be settled and the program has been heard. */
  get isQuiet(): boolean {
    return this.isLive && !this.isLoading && !this.isTurnDue && this.head === this.settlements.length;
  }

  /** @param start begins the work; called once, now or when it may */
  ask<T>(key: string, kind: AskKind, start: () => void): Promise<T> {
    if (this.used.has(key)) {
      const error = new NonDeterministicProgramError(`The program used the key ${key} twice`, { key });
      this.host.onFault(error);
      return Promise.reject(error);
    }
    this.used.add(key);
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    // A program may await several at once; the first rejection must not leave the others unhandled.
    promise.catch(() => undefined);
    // The journal holds what this program's own step answered, so T is what the program says it is.
    const ask: Ask = { kind, start, reject, resolve: resolve as (value: unknown) => void, isStarted: false };
    this.asked.set(key, ask);
    if (this.isLive) this.startOne(ask);
    return promise;
  }

  deliver(settlement: Settlement): void {
    if (this.isClosed) return;
    this.settlements.push(settlement);
    if (this.isTurnDue || this.isLoading) return;
    this.settleNext();
    this.scheduleTurn();
  }

  /** Starts what was held back, when it may start by now. */
  startHeld(): void {
    if (!this.isLive) return;
    for (const ask of this.asked.values()) this.startOne(ask);
  }

  /** Takes back a start: the work did not begin after all and is to be held. */
  hold(key: string): void {
    const ask = this.asked.get(key);
    if (ask) ask.isStarted = false;
  }

  isAsked(key: string): boolean {
    return this.asked.has(key);
  }

  scheduleTurn(): void {
    if (this.isTurnDue || this.isClosed) return;
    this.isTurnDue = true;
    this.host.clock.defer(() => this.turn());
  }

  /** The run left: its promises never settle. */
  close(): void {
    this.isClosed = true;
    this.asked.clear();
    this.settlements.length = 0;
    this.head = 0;
  }

  private startOne(ask: Ask): void {
    if (ask.isStarted || !this.host.mayStart()) return;
    ask.isStarted = true;
    try {
      ask.start();
    } catch (error) {
      // Nobody up the stack could take it: a start may come from a turn of the loop, long after the program asked.
      this.host.onFault(error);
    }
  }

  private turn(): void {
    this.isTurnDue = false;
    if (this.isClosed || this.isLoading) return;
    if (this.head < this.settlements.length) {
      this.settleNext();
      this.scheduleTurn();
      return;
    }
    if (!this.isLive) {
      this.isLive = true;
      this.startHeld();
    }
    this.host.onSettled();
  }

  private settleNext(): void {
    const settlement = this.settlements[this.head];
    if (settlement === undefined) return;
    this.head += 1;
    if (this.head === this.settlements.length) {
      this.settlements.length = 0;
      this.head = 0;
    }
    const ask = this.asked.get(settlement.key);
    if (ask === undefined) {
      this.host.onFault(
        new NonDeterministicProgramError(`The journal holds ${settlement.key}, the program did not ask for it`),
      );
      return;
    }
    this.asked.delete(settlement.key);
    this.settle(ask, settlement);
  }

  private settle(ask: Ask, settlement: Settlement): void {
    switch (settlement.kind) {
      case 'value':
        return ask.resolve(settlement.value);
      case 'failure':
        return ask.reject(new RecordedFailure(settlement.info));
      case 'blob':
        this.isLoading = true;
        void this.settleFromBlob(ask, settlement.blobId);
    }
  }

  private async settleFromBlob(ask: Ask, blobId: string): Promise<void> {
    try {
      ask.resolve(await this.host.loadBlob(blobId));
    } catch (error) {
      this.host.onFault(error);
    }
    this.isLoading = false;
    this.scheduleTurn();
  }
}

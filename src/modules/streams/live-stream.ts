import type { StreamEvent } from './stream-event.js';
import type { StreamSubscription } from './stream-subscription.js';

/** What arrived, sorted into what can be delivered now. */
export type Arrival =
  | { readonly kind: 'deliver'; readonly events: readonly StreamEvent[] }
  | { readonly kind: 'known' }
  /** Something before it is missing: read it from the journal. */
  | { readonly kind: 'hole' };

/** A stream that somebody in this process follows, and how far it was delivered. */
export class LiveStream {
  readonly subscriptions = new Set<StreamSubscription>();
  ownerId: string | null = null;
  rootRunId: string | null = null;
  ended = false;
  /** Highest seq that is known to be committed. */
  #wanted = 0;
  /** True while the position is only what the journal held, not what was announced here: see `arrive`. */
  #provisional: boolean;

  constructor(
    readonly streamId: number,
    private delivered: number,
    provisional: boolean,
  ) {
    this.#provisional = provisional;
  }

  /** Every event up to here has passed to those who are live. */
  get position(): number {
    return this.delivered;
  }

  get hasHole(): boolean {
    return this.#wanted > this.delivered;
  }

  /** Somebody said that the stream has reached `seq`. */
  reached(seq: number): void {
    this.#wanted = Math.max(this.#wanted, seq);
  }

  /** The journal has nothing to fill the hole with: the stream was removed. */
  forgetHole(): void {
    this.#wanted = this.delivered;
  }

  /**
   * Announced by the writer's process from `first` on. A first announcement may lie below what the journal held when
   * the stream was opened, since the commit comes before the announcement: listeners of the owner still want it.
   */
  announced(first: number): void {
    if (this.#provisional && first <= this.delivered) this.delivered = first - 1;
    this.#provisional = false;
  }

  /** @param after what the events follow on; less than `events[0].seq - 1` only where the journal itself was cut */
  arrive(events: readonly StreamEvent[], after: number): Arrival {
    const last = events[events.length - 1];
    if (!last || last.seq <= this.delivered) return { kind: 'known' };
    if (after > this.delivered) {
      this.reached(last.seq);
      return { kind: 'hole' };
    }
    const fresh = after === this.delivered ? events : events.filter((event) => event.seq > this.delivered);
    this.delivered = last.seq;
    this.#provisional = false;
    return { kind: 'deliver', events: fresh };
  }
}

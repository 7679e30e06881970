import type { RunTreeReader } from '../../streams/run-trees.js';
import type { StreamEvent } from '../../streams/stream-event.js';
import type { StreamHub } from '../../streams/stream-hub.js';
import { parseStreamName, streamName } from '../../streams/stream-name.js';
import type { StreamSubscription } from '../../streams/stream-subscription.js';
import type { SocketSubscriptions } from './socket-subscriptions.js';

/** Where to go on: for the root alone, or by stream. */
export type After = number | Readonly<Record<string, number>> | undefined;

export interface RunTreeOptions {
  readonly hub: StreamHub;
  readonly trees: RunTreeReader;
  readonly subscriptions: SocketSubscriptions;
  /** Whose room the socket is in. */
  readonly userId: string;
  readonly onFault: (error: unknown) => void;
}

/**
 * Follows the streams of a run's descendants, those to come included. With `after`, descendants that it does not name
 * are replayed from their start; without, those that exist already bring only what is later.
 */
export class RunTreeSubscription {
  readonly #runId: string;
  readonly #members = new Set<string>();
  /** Opened, and not started before the client was told. */
  #opened: StreamSubscription[] = [];
  /** Streams that began before `start`. */
  #early: StreamEvent[] = [];
  #rootRunId: string | undefined;
  #stopListening: (() => void) | undefined;
  #state: 'preparing' | 'started' | 'closed' = 'preparing';

  constructor(
    readonly stream: string,
    private readonly after: After,
    private readonly options: RunTreeOptions,
  ) {
    this.#runId = parseStreamName(stream)?.id ?? '';
    this.#members.add(stream);
  }

  /** Opens what is there. Listens first, so that no stream that begins meanwhile is missed. */
  async prepare(): Promise<void> {
    const { hub, trees } = this.options;
    this.#rootRunId = await trees.rootOf(this.#runId);
    if (this.#rootRunId === undefined || this.isClosed) return;
    this.#stopListening = hub.listenToTree(this.#rootRunId, (event) => this.passed(event));
    const descendants = await trees.descendantsOf(this.#runId);
    await Promise.all(descendants.map((id) => this.openKnown(streamName('run', id))));
  }

  start(): void {
    if (this.isClosed) return;
    this.#state = 'started';
    for (const subscription of this.#opened.splice(0)) subscription.start();
    for (const event of this.#early.splice(0)) this.follow(event);
  }

  close(): void {
    this.#state = 'closed';
    this.#stopListening?.();
    for (const stream of this.#members) if (stream !== this.stream) this.options.subscriptions.close(stream);
  }

  private get isClosed(): boolean {
    return this.#state === 'closed';
  }

  private async openKnown(stream: string): Promise<void> {
    this.#members.add(stream);
    const named = typeof this.after === 'object' ? this.after[stream] : undefined;
    const subscription = await this.open(stream, this.after === undefined ? undefined : (named ?? 0));
    if (subscription) this.#opened.push(subscription);
  }

  /** A stream of the same root passes: one of a descendant when this run is the root, else when it is found below it. */
  private passed(event: StreamEvent): void {
    if (this.#members.has(event.stream)) return;
    this.#members.add(event.stream);
    if (this.#rootRunId === this.#runId) this.options.subscriptions.expect(event.stream);
    if (this.#state === 'preparing') this.#early.push(event);
    else this.follow(event);
  }

  private follow(event: StreamEvent): void {
    this.join(event).catch((error: unknown) => {
      this.options.subscriptions.close(event.stream);
      this.#members.delete(event.stream);
      this.options.onFault(error);
    });
  }

  private async join({ stream, ownerId }: StreamEvent): Promise<void> {
    if (this.#rootRunId === this.#runId) return this.openNew(stream, 0);
    const descendants = await this.options.trees.descendantsOf(this.#runId);
    if (!descendants.some((id) => streamName('run', id) === stream)) return;
    // Meanwhile the user's room has brought the start of the user's own runs.
    await this.openNew(stream, ownerId === this.options.userId ? undefined : 0);
  }

  private async openNew(stream: string, after: number | undefined): Promise<void> {
    const subscription = await this.open(stream, after);
    subscription?.start();
  }

  private async open(stream: string, after: number | undefined): Promise<StreamSubscription | undefined> {
    const { subscriptions } = this.options;
    if (this.isClosed || subscriptions.has(stream)) return undefined;
    const subscription = await subscriptions.open(stream, after);
    if (!this.isClosed) return subscription;
    subscriptions.close(stream);
    return undefined;
  }
}

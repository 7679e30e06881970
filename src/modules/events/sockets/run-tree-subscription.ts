import type { RunTreeReader } from '../../streams/run-trees.js';
import type { StreamHub } from '../../streams/stream-hub.js';
import { parseStreamName, streamName } from '../../streams/stream-name.js';
import type { SocketSubscriptions } from './socket-subscriptions.js';

/** Where to go on: for the root alone, or by stream. */
export type After = number | Readonly<Record<string, number>> | undefined;

export interface RunTreeOptions {
  readonly hub: StreamHub;
  readonly trees: RunTreeReader;
  readonly subscriptions: SocketSubscriptions;
  readonly onFault: (error: unknown) => void;
}

/**
 * Follows the streams of a run's descendants, those to come included. With `after`, descendants that it does not name
 * are replayed from their start; without, those that exist already bring only what is later.
 */
export class RunTreeSubscription {
  readonly #runId: string;
  readonly #members = new Set<string>();
  #stopListening: (() => void) | undefined;
  #isClosed = false;

  constructor(
    readonly stream: string,
    private readonly after: After,
    private readonly options: RunTreeOptions,
  ) {
    this.#runId = parseStreamName(stream)?.id ?? '';
    this.#members.add(stream);
  }

  async start(): Promise<void> {
    const { hub, trees } = this.options;
    const rootRunId = await trees.rootOf(this.#runId);
    if (rootRunId === undefined || this.#isClosed) return;
    const known = new Set<string>();
    let isListed = false;
    this.#stopListening = hub.listenToTree(rootRunId, (stream) => {
      if (!isListed) known.add(stream);
      else this.seen(stream, rootRunId);
    });
    const descendants = await trees.descendantsOf(this.#runId);
    await Promise.all(descendants.map((id) => this.follow(streamName('run', id), this.afterOf(streamName('run', id)))));
    isListed = true;
    for (const stream of known) this.seen(stream, rootRunId);
  }

  close(): void {
    this.#isClosed = true;
    this.#stopListening?.();
    for (const stream of this.#members) if (stream !== this.stream) this.options.subscriptions.close(stream);
  }

  private afterOf(stream: string): number | undefined {
    if (this.after === undefined) return undefined;
    return typeof this.after === 'number' ? 0 : (this.after[stream] ?? 0);
  }

  /** A stream of the same root passed: of a descendant, when this run is the root or it is found below it. */
  private seen(stream: string, rootRunId: string): void {
    if (this.#members.has(stream)) return;
    this.#members.add(stream);
    this.join(stream, rootRunId).catch((error: unknown) => {
      this.#members.delete(stream);
      this.options.onFault(error);
    });
  }

  private async join(stream: string, rootRunId: string): Promise<void> {
    if (rootRunId !== this.#runId) {
      const descendants = await this.options.trees.descendantsOf(this.#runId);
      if (!descendants.some((id) => streamName('run', id) === stream)) return;
    }
    await this.follow(stream, 0);
  }

  private async follow(stream: string, after: number | undefined): Promise<void> {
    this.#members.add(stream);
    if (this.#isClosed || this.options.subscriptions.has(stream)) return;
    const subscription = await this.options.subscriptions.open(stream, after);
    if (this.#isClosed) this.options.subscriptions.close(stream);
    else subscription.start();
  }
}

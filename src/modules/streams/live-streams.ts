import { LiveStream } from './live-stream.js';

/** Streams that only an owner's room or a tree brought here are forgotten beyond this, those quiet longest first. */
const MAX_UNSUBSCRIBED = 10_000;

/** The streams that this process follows, by id. */
export class LiveStreams {
  readonly #byId = new Map<number, LiveStream>();
  readonly #unsubscribed = new Set<LiveStream>();

  get(streamId: number): LiveStream | undefined {
    return this.#byId.get(streamId);
  }

  create(streamId: number, position: number, provisional: boolean): LiveStream {
    const stream = new LiveStream(streamId, position, provisional);
    this.#byId.set(streamId, stream);
    this.settle(stream);
    return stream;
  }

  /** Notes whether the stream has subscribers, and makes room when too many have none. */
  settle(stream: LiveStream): void {
    this.#unsubscribed.delete(stream);
    if (stream.subscriptions.size > 0) return;
    this.#unsubscribed.add(stream);
    if (this.#unsubscribed.size > MAX_UNSUBSCRIBED) for (const oldest of this.#unsubscribed) return this.remove(oldest);
  }

  remove(stream: LiveStream): void {
    this.#unsubscribed.delete(stream);
    this.#byId.delete(stream.streamId);
  }

  removeUnsubscribed(where: (stream: LiveStream) => boolean): void {
    for (const stream of this.#unsubscribed) if (where(stream)) this.remove(stream);
  }

  all(): IterableIterator<LiveStream> {
    return this.#byId.values();
  }

  get size(): number {
    return this.#byId.size;
  }
}

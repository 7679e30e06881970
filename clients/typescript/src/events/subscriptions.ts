import type { TroupeEvent } from './event.js';
import { StreamCursor } from './stream-cursor.js';
import { Subscription } from './subscription.js';
import type { SubscribeOptions } from './transport.js';

/** As many as the server takes in one `after`. */
const MAX_NAMED_STREAMS = 1_000;

/** What is followed, and which events of what arrives are new. */
export class Subscriptions {
  private readonly byStream = new Map<string, Subscription>();
  /** Of streams that came along with a tree. */
  private readonly descendants = new Map<string, StreamCursor>();

  add(stream: string, options: SubscribeOptions): Subscription {
    const subscription = new Subscription(stream, options);
    this.byStream.set(stream, subscription);
    return subscription;
  }

  remove(stream: string): void {
    this.byStream.delete(stream);
  }

  has(subscription: Subscription): boolean {
    return this.byStream.get(subscription.stream) === subscription;
  }

  all(): Subscription[] {
    return [...this.byStream.values()];
  }

  /** The connection is lost: until they are open again, others bring what a replay will bring. */
  interrupt(): void {
    for (const subscription of this.byStream.values()) subscription.isOpen = false;
  }

  /** Where the server is to go on. */
  afterOf({ stream, after, isTree }: Subscription): number | Record<string, number> | undefined {
    if (!isTree || after === undefined) return after;
    const others = [...this.descendants].slice(-(MAX_NAMED_STREAMS - 1));
    return { ...Object.fromEntries(others.map(([name, cursor]) => [name, cursor.after])), [stream]: after };
  }

  /** Whether an event is to be handed on. */
  takes(event: TroupeEvent): boolean {
    if (event.type === 'stream.gap') this.skip(event.data);
    if (event.type === 'stream.revoked') this.remove(event.data.stream);
    if (event.stream === undefined) return true;
    const subscription = this.byStream.get(event.stream);
    return subscription ? subscription.takes(event) : this.takesOther(event.stream, event.seq);
  }

  private skip({ stream, to }: { readonly stream: string; readonly to: number }): void {
    this.byStream.get(stream)?.skipTo(to);
    this.descendants.get(stream)?.skipTo(to);
  }

  /** Of a descendant, or from the user's room, which carries all that the user owns. */
  private takesOther(stream: string, seq: number | undefined): boolean {
    const trees = this.all().filter(({ isTree }) => isTree);
    if (seq === undefined || trees.length === 0 || !stream.startsWith('run:')) return true;
    // The replay of a tree brings its descendants from where they were left.
    if (trees.some(({ isOpen }) => !isOpen)) return false;
    const cursor = this.descendants.get(stream);
    if (cursor) return cursor.takesLater(seq);
    this.descendants.set(stream, new StreamCursor(seq));
    return true;
  }
}

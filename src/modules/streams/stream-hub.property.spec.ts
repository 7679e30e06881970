import { setImmediate as tick } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { StreamEvent } from './stream-event.js';
import { StreamHub } from './stream-hub.js';
import type { StreamSubscription } from './stream-subscription.js';
import { InMemoryStreamSource } from './testing/in-memory-stream-source.js';
import { Random } from './testing/random.js';
import { RecordingSubscriber } from './testing/recording-subscriber.js';

const STREAMS = ['run:a', 'run:b', 'user:c'];
const OWNER = 'owner';

interface Reader {
  readonly subscriber: RecordingSubscriber;
  readonly subscription: StreamSubscription;
  readonly stream: string;
  readonly from: number;
}

/** One hub under a random mix of commits, late or lost announcements, failing reads and readers that come and go. */
class World {
  readonly random: Random;
  readonly source: InMemoryStreamSource;
  readonly hub: StreamHub;
  readonly readers: Reader[] = [];
  readonly rooms: RecordingSubscriber[] = [];
  readonly #pending: Promise<unknown>[] = [];
  /** Committed and not yet published by the local writer, stream by stream. */
  readonly #unpublished = new Map<string, StreamEvent[]>();

  constructor(
    seed: number,
    private readonly remote: boolean,
  ) {
    this.random = new Random(seed);
    this.source = new InMemoryStreamSource(async () => {
      for (let turns = this.random.below(4); turns > 0; turns--) await tick();
      if (this.random.chance(0.05)) throw new Error('connection reset');
    });
    this.hub = new StreamHub(this.source, { retryDelay: () => tick() });
    for (const stream of STREAMS) this.source.append(stream, this.random.below(4) + 1);
  }

  async run(): Promise<void> {
    for (let turn = 0; turn < 120; turn++) {
      this.act();
      if (this.random.chance(0.5)) await tick();
    }
    for (const stream of STREAMS) this.announce(stream, true);
    await Promise.all(this.#pending);
    this.hub.poll();
    for (let turn = 0; turn < 100; turn++) await tick();
  }

  private act(): void {
    const stream = STREAMS[this.random.below(STREAMS.length)]!;
    const dice = this.random.below(10);
    if (dice < 4) this.commit(stream);
    else if (dice < 7) this.announce(stream, false);
    else if (dice < 9) this.#pending.push(this.subscribe(stream).catch(() => undefined));
    else if (this.random.chance(0.5)) this.readers[this.random.below(this.readers.length)]?.subscription.close();
    else this.openRoom();
  }

  private commit(stream: string): void {
    const events = this.source.append(stream, this.random.below(5) + 1);
    this.#unpublished.set(stream, [...(this.#unpublished.get(stream) ?? []), ...events]);
  }

  private announce(stream: string, last: boolean): void {
    const events = this.#unpublished.get(stream) ?? [];
    this.#unpublished.delete(stream);
    if (events.length === 0) return;
    if (!this.remote) return this.hub.publish(events);
    if (!last && this.random.chance(0.3)) return;
    this.hub.hear({
      streamId: events[0]!.streamId,
      from: events[0]!.seq,
      to: events.at(-1)!.seq,
      ownerId: OWNER,
      rootRunId: null,
    });
  }

  private async subscribe(stream: string): Promise<void> {
    const subscriber = new RecordingSubscriber();
    const after = this.random.chance(0.4) ? undefined : this.random.below(20);
    const subscription = await this.hub.subscribe(stream, subscriber, after);
    if (!subscription) throw new Error(`no stream ${stream}`);
    this.readers.push({
      subscriber,
      subscription,
      stream,
      from: Math.min(after ?? subscription.seq, subscription.seq),
    });
    if (this.random.chance(0.3)) await tick();
    subscription.start();
  }

  private openRoom(): void {
    const room = new RecordingSubscriber();
    this.rooms.push(room);
    this.hub.listenToOwner(OWNER, room);
  }
}

function consecutive(from: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => from + index);
}

describe.each([
  { writer: 'a writer of this process', remote: false },
  { writer: 'announcements of which some are lost', remote: true },
])('StreamHub under $writer', ({ remote }) => {
  it('delivers to each subscriber everything after its cursor, once and in order', async () => {
    for (let seed = 1; seed <= 150; seed++) {
      const world = new World(seed, remote);
      await world.run();
      for (const { subscriber, subscription, stream, from } of world.readers) {
        const seqs = subscriber.seqs;
        expect(seqs, `seed ${seed}`).toEqual(consecutive(from + 1, seqs.length));
        const last = world.source.events(stream).at(-1)!.seq;
        expect(from + seqs.length === last || subscription.isClosed, `seed ${seed} ${stream} after ${from}`).toBe(true);
      }
    }
  });

  it('delivers to the room of an owner without hole, double or disorder from the first event it sees', async () => {
    let delivered = 0;
    for (let seed = 1; seed <= 150; seed++) {
      const world = new World(seed, remote);
      await world.run();
      for (const room of world.rooms) {
        for (const events of Map.groupBy(room.received, ({ stream }) => stream).values()) {
          delivered += events.length;
          expect(
            events.map(({ seq }) => seq),
            `seed ${seed}`,
          ).toEqual(consecutive(events[0]!.seq, events.length));
        }
      }
    }
    expect(delivered).toBeGreaterThan(1000);
  });
});

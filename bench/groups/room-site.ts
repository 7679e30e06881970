import { ModelServerProcess } from '../../test/support/chaos/model-server-process.js';
import type { ProductArgument } from '../server/product.js';
import { BenchDatabase } from '../support/bench-database.js';
import { Peer } from '../support/peer.js';
import type { Passage } from '../text/passage.js';
import type { RoomQuestion } from './room-reader.js';

/** The whole product with a model on loopback, and a person in a process of its own. */
export class RoomSite {
  private constructor(
    readonly database: BenchDatabase,
    readonly models: ModelServerProcess,
    private readonly product: Peer<{ url: string }>,
    private readonly person: Peer<unknown>,
  ) {}

  static async start(onEnd: (stop: () => Promise<unknown>) => void): Promise<RoomSite> {
    const database = await BenchDatabase.start();
    onEnd(() => database.stop());
    const models = await ModelServerProcess.start();
    onEnd(() => models.stop());
    const argument: ProductArgument = { databaseUrl: database.url, modelUrl: models.baseUrl };
    const product = await Peer.start<{ url: string }>('server/product.js', argument);
    onEnd(() => product.stop());
    const person = await Peer.start('groups/room-reader.js', { url: product.ready.url });
    onEnd(() => person.stop());
    return new RoomSite(database, models, product, person);
  }

  /** Of the product and its database. */
  get cpuMs(): number {
    return this.product.cpuMs + this.database.cpuMs;
  }

  open(count: number, rolePrompt = ''): Promise<string[]> {
    return this.ask<string[]>({ open: count, rolePrompt });
  }

  /** In all rooms at once. */
  say(rooms: readonly string[], content: string): Promise<Passage[]> {
    return this.ask<Passage[]>({ say: content, rooms });
  }

  private ask<T>(question: RoomQuestion): Promise<T> {
    return this.person.ask<T>(question);
  }
}

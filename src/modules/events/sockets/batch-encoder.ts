import type { OutItem } from './out-item.js';
import { Packet } from './packet.js';

const BATCH_EVENT = 'events';

/** Makes one packet of many envelopes. Sockets that follow the same streams mostly want the same: it is kept for them. */
export class BatchEncoder {
  #items: readonly OutItem[] = [];
  #packet: Packet | undefined;

  encode(items: readonly OutItem[]): Packet {
    if (this.#packet && isSame(items, this.#items)) return this.#packet;
    this.#items = items;
    this.#packet = new Packet(BATCH_EVENT, `[${items.map(({ envelope }) => envelope).join(',')}]`);
    return this.#packet;
  }

  /** The last packet is of no more use. */
  release(): void {
    this.#items = [];
    this.#packet = undefined;
  }
}

function isSame(left: readonly OutItem[], right: readonly OutItem[]): boolean {
  return left.length === right.length && left.every((item, index) => item === right[index]);
}

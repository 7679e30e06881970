import type { StreamChunk } from '../../streams/stream-event.js';
import { OutItem } from './out-item.js';

interface Slot {
  item: OutItem;
}

/** Envelopes that a socket cannot take yet, in order, with their size. */
export class OutQueue {
  #slots: Slot[] = [];
  #head = 0;
  #size = 0;
  /** The last chunk of each step in progress, where more of its text can join. */
  readonly #chunks = new Map<string, Slot>();

  get isEmpty(): boolean {
    return this.#head === this.#slots.length;
  }

  /** In characters. */
  get size(): number {
    return this.#size;
  }

  push(item: OutItem): void {
    if (item.chunk && this.join(item.chunk)) return;
    const slot = { item };
    this.#slots.push(slot);
    this.#size += item.size;
    if (item.chunk) this.#chunks.set(keyOf(item.chunk), slot);
  }

  /** Takes items off until they have `size` characters together, at least one when there is any. */
  take(size: number): OutItem[] {
    const taken: OutItem[] = [];
    let takenSize = 0;
    while (!this.isEmpty && (takenSize < size || taken.length === 0)) {
      const item = this.shift();
      if (!item) break;
      taken.push(item);
      takenSize += item.size;
    }
    return taken;
  }

  shift(): OutItem | undefined {
    const slot = this.#slots[this.#head];
    if (!slot) return undefined;
    this.#head += 1;
    this.#size -= slot.item.size;
    const { chunk } = slot.item;
    if (chunk && this.#chunks.get(keyOf(chunk)) === slot) this.#chunks.delete(keyOf(chunk));
    if (this.isEmpty) this.clear();
    return slot.item;
  }

  clear(): void {
    this.#slots = [];
    this.#head = 0;
    this.#size = 0;
    this.#chunks.clear();
  }

  /** Text that follows on a chunk still waiting becomes part of it. */
  private join(chunk: StreamChunk): boolean {
    const slot = this.#chunks.get(keyOf(chunk));
    const joined = slot?.item.join(chunk);
    if (!slot || !joined) return false;
    this.#size -= slot.item.size;
    slot.item = joined;
    this.#size += slot.item.size;
    return true;
  }
}

function keyOf({ stream, step }: StreamChunk): string {
  return `${stream} ${step}`;
}

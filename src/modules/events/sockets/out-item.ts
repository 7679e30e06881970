import { CHUNK_TYPE, chunkEnvelope, eventEnvelope, noticeEnvelope } from '../../streams/stream-envelope.js';
import type { StreamChunk, StreamEvent } from '../../streams/stream-event.js';
import { Packet } from './packet.js';

/** One envelope on its way to sockets; shared by all of them, and encoded when the first one needs it. */
export class OutItem {
  #envelope: string | undefined;
  #packet: Packet | undefined;

  private constructor(
    readonly type: string,
    private readonly write: () => string,
    readonly chunk?: StreamChunk,
  ) {}

  static ofEvent(event: StreamEvent): OutItem {
    return remembered(event, () => new OutItem(event.type, () => eventEnvelope(event)));
  }

  static ofChunk(chunk: StreamChunk): OutItem {
    return remembered(chunk, () => new OutItem(CHUNK_TYPE, () => chunkEnvelope(chunk), chunk));
  }

  static ofNotice(type: string, data: Readonly<Record<string, unknown>>): OutItem {
    return new OutItem(type, () => noticeEnvelope(type, data));
  }

  get envelope(): string {
    return (this.#envelope ??= this.write());
  }

  get packet(): Packet {
    return (this.#packet ??= new Packet(this.type, this.envelope));
  }

  /** In characters: near enough for a bound. The same at any time. */
  get size(): number {
    return this.chunk ? this.chunk.text.length + CHUNK_OVERHEAD : this.envelope.length;
  }

  /** This chunk with the text that follows on it; undefined when it does not follow. */
  join(next: StreamChunk): OutItem | undefined {
    const { chunk } = this;
    if (!chunk || chunk.attempt !== next.attempt || chunk.offset + chunk.text.length !== next.offset) return undefined;
    // Sockets that follow the same stream join the same pieces: one of them does the work.
    const known = joints.get(next);
    if (known?.before === chunk) return known.joined;
    const joined = OutItem.ofChunk({ ...chunk, text: chunk.text + next.text });
    joints.set(next, { before: chunk, joined });
    return joined;
  }
}

const CHUNK_OVERHEAD = 200;
const items = new WeakMap<object, OutItem>();
const joints = new WeakMap<StreamChunk, { readonly before: StreamChunk; readonly joined: OutItem }>();

function remembered(key: object, make: () => OutItem): OutItem {
  let item = items.get(key);
  if (!item) items.set(key, (item = make()));
  return item;
}

import type { NoticeItem } from './notice-codec.js';
import type { Announcement } from './stream-hub.js';

/** What is to be told next: everything since the last notice, each thing once. */
export class NoticeOutbox {
  #events = new Map<number, Announcement>();
  #others = new Map<string, NoticeItem>();

  get isEmpty(): boolean {
    return this.#events.size === 0 && this.#others.size === 0;
  }

  addEvents(announcement: Announcement): void {
    const before = this.#events.get(announcement.streamId);
    this.#events.set(announcement.streamId, before ? { ...announcement, from: before.from } : announcement);
  }

  add(item: Exclude<NoticeItem, { kind: 'events' }>): void {
    this.#others.set(JSON.stringify(item), item);
  }

  takeAll(): NoticeItem[] {
    const events = [...this.#events.values()].map((announcement) => ({ kind: 'events', announcement }) as const);
    const others = [...this.#others.values()];
    this.clear();
    // Ends of steps come first: after a step's event no more of its text may be handed out.
    return [...others, ...events];
  }

  clear(): void {
    this.#events = new Map();
    this.#others = new Map();
  }
}

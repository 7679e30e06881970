import type { EventListener, EventType, TroupeEvent } from './event.js';

/** Who wants to hear of what. */
export class Listeners {
  private readonly byType = new Map<EventType | '*', Set<EventListener>>();

  /** @returns how to stop it */
  add<T extends EventType>(type: T | '*', listener: EventListener<T>): () => void {
    const listeners = this.byType.get(type) ?? new Set();
    this.byType.set(type, listeners);
    // `emit` hands each listener events of its own type only.
    const any = listener as EventListener;
    listeners.add(any);
    return () => void listeners.delete(any);
  }

  emit(event: TroupeEvent): void {
    for (const key of [event.type, '*'] as const) {
      for (const listener of this.byType.get(key) ?? []) listener(event);
    }
  }
}

import type { TroupeEvent } from './event.js';

export interface SubscribeOptions {
  /** Only what is later; 0 for all. Absent: only what happens from now on. */
  readonly after?: number;
  /** Also the streams of a run's descendants. */
  readonly tree?: boolean;
}

export interface TransportListener {
  event(event: TroupeEvent): void;
  connected(): void;
  /** It comes back by itself, and what was missed with it. */
  disconnected(): void;
  /** It does not come back: the server refuses the token. */
  ended(error: Error): void;
}

/** A way for events from the server to here. Resumes by itself whatever is subscribed. */
export interface EventTransport {
  /** Resolves with the first connection. */
  connect(): Promise<void>;
  /** Resolves when nothing that happens from now on can be missed. */
  subscribe(stream: string, options: SubscribeOptions): Promise<void>;
  unsubscribe(stream: string): void;
  close(): void;
}

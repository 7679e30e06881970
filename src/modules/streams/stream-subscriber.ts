import type { StreamChunk, StreamEvent, StreamGap } from './stream-event.js';

/** Takes what a subscription delivers. Called synchronously; must neither throw nor block. */
export interface StreamSubscriber {
  /** One or more events of one stream, in seq order, each once. */
  events(events: readonly StreamEvent[]): void;
  chunk(chunk: StreamChunk): void;
  gap(gap: StreamGap): void;
  /** A replay waits here before each page; absent answer: go on at once. */
  ready(): Promise<void> | undefined;
}

/** Takes the events of all streams of one owner, live only and without chunks. */
export interface OwnerListener {
  events(events: readonly StreamEvent[]): void;
}

/** Told of what passes in the streams of a tree of runs, before the owner's listeners are. */
export type TreeListener = (event: StreamEvent) => void;

/** A step whose text is known so far. */
export interface StepInProgress {
  readonly stream: string;
  readonly streamId: number;
  readonly step: string;
  readonly attempt: number;
}

/** Other processes, as the hub sees them: told everything that local writers did. */
export interface HubPeers {
  published(events: readonly StreamEvent[]): void;
  chunk(chunk: StreamChunk): void;
  /** Of a step that had text. */
  stepEnded(step: StepInProgress): void;
}

/** A process that is alone. */
export const NO_PEERS: HubPeers = { published: () => {}, chunk: () => {}, stepEnded: () => {} };

import { v7 as uuidv7 } from 'uuid';
import type { BlobStore } from '../ports/blob-store.js';
import { InMemoryJournal } from './in-memory-journal.js';
import { InMemoryRunQueue } from './in-memory-run-queue.js';
import { MemoryState } from './in-memory-state.js';

export class InMemoryBlobStore implements BlobStore {
  constructor(
    private readonly state: MemoryState,
    private readonly newId: () => string,
  ) {}

  async put(runId: string, content: string): Promise<string> {
    const id = this.newId();
    this.state.blobs.set(id, { runId, content });
    return id;
  }

  async get(runId: string, id: string): Promise<string> {
    const blob = this.state.blobs.get(id);
    if (blob?.runId !== runId) throw new Error(`no blob ${id}`);
    return blob.content;
  }
}

/** The engine's ports in memory, over one truth. Proved by the same contract suites as the PostgreSQL adapters. */
export class InMemoryStores {
  readonly state: MemoryState;
  readonly journal: InMemoryJournal;
  readonly queue: InMemoryRunQueue;
  readonly blobs: InMemoryBlobStore;

  constructor(nowMs: () => number, newId: () => string = uuidv7) {
    this.state = new MemoryState(nowMs);
    this.journal = new InMemoryJournal(this.state);
    this.queue = new InMemoryRunQueue(this.state);
    this.blobs = new InMemoryBlobStore(this.state, newId);
  }
}

import type { LiveTextTable, StoredLiveTextPart } from './live-text-table.js';
import { parseStreamName } from './stream-name.js';
import type { StreamHub } from './stream-hub.js';

interface Watched {
  readonly stream: string;
  /** Id of the last part that was read. */
  position: number;
  /** Attempts whose text came from another process, by step. */
  readonly attempts: Map<string, number>;
}

/** Brings the text that other processes write to the subscribers of this one. */
export class LiveTextReader {
  readonly #watched = new Map<number, Watched>();
  readonly #due = new Set<number>();
  #isReading = false;

  constructor(
    private readonly table: Pick<LiveTextTable, 'read' | 'attempts'>,
    private readonly hub: Pick<StreamHub, 'hearChunk' | 'hearStepEnded' | 'text'>,
    private readonly fault: (message: string, error: unknown) => void,
  ) {}

  /** Follows a stream that got its first subscriber here. */
  watch(streamId: number, stream: string): void {
    if (this.#watched.has(streamId)) return;
    this.#watched.set(streamId, { stream, position: 0, attempts: new Map() });
    this.read([streamId]);
  }

  unwatch(streamId: number): void {
    const watched = this.#watched.get(streamId);
    this.#watched.delete(streamId);
    if (watched && watched.attempts.size > 0) this.hub.text.forget(watched.stream);
  }

  /** These streams have new text, or less. */
  read(streamIds: Iterable<number>): void {
    for (const streamId of streamIds) if (this.#watched.has(streamId)) this.#due.add(streamId);
    if (!this.#isReading) void this.readDue();
  }

  readAll(): void {
    this.read(this.#watched.keys());
  }

  private async readDue(): Promise<void> {
    this.#isReading = true;
    while (this.#due.size > 0) {
      const ids = [...this.#due];
      this.#due.clear();
      try {
        await this.readStreams(ids);
      } catch (error) {
        this.fault('Reading live text failed', error);
      }
    }
    this.#isReading = false;
  }

  private async readStreams(ids: readonly number[]): Promise<void> {
    const positions = ids.map((streamId) => ({ streamId, after: this.#watched.get(streamId)?.position ?? 0 }));
    for (const part of await this.table.read(positions)) this.hear(part);
    const withText = ids.filter((id) => (this.#watched.get(id)?.attempts.size ?? 0) > 0);
    if (withText.length > 0) await this.endWhatIsGone(withText);
  }

  private hear({ id, ...part }: StoredLiveTextPart): void {
    const watched = this.#watched.get(part.streamId);
    if (!watched) return;
    watched.position = Math.max(watched.position, id);
    const runId = parseStreamName(watched.stream)?.id ?? '';
    const fresh = this.hub.hearChunk({ ...part, stream: watched.stream, runId, ownerId: null, rootRunId: null });
    if (fresh) watched.attempts.set(part.step, part.attempt);
  }

  private async endWhatIsGone(ids: readonly number[]): Promise<void> {
    const present = new Set(
      (await this.table.attempts(ids)).map(({ streamId, step, attempt }) => `${streamId} ${attempt} ${step}`),
    );
    for (const streamId of ids) {
      const attempts = this.#watched.get(streamId)?.attempts ?? new Map<string, number>();
      for (const [step, attempt] of attempts) {
        if (present.has(`${streamId} ${attempt} ${step}`)) continue;
        attempts.delete(step);
        this.hub.hearStepEnded({ streamId, step, attempt });
      }
    }
  }
}

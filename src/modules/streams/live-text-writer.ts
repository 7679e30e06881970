import type { LiveTextPart, LiveTextTable } from './live-text-table.js';
import type { StreamChunk } from './stream-event.js';
import type { StepInProgress } from './stream-subscriber.js';

export interface LiveTextWriterHost {
  textOf(stream: string, step: string): StreamChunk | undefined;
  /** Others may look now. */
  written(streamIds: Iterable<number>): void;
  fault(message: string, error: unknown): void;
}

interface Written {
  readonly attempt: number;
  readonly length: number;
}

const EVERY_MS = 100;

/** Writes the text of steps of this process down for other processes, every 100 ms while there is any. */
export class LiveTextWriter {
  readonly #changed = new Map<string, StepInProgress>();
  readonly #written = new Map<string, Written>();
  #ended: StepInProgress[] = [];
  #endedStreams: number[] = [];
  #timer: NodeJS.Timeout | undefined;
  #flushing = false;

  constructor(
    private readonly table: Pick<LiveTextTable, 'insert' | 'remove' | 'removeStreams'>,
    private readonly host: LiveTextWriterHost,
  ) {}

  changed(step: StepInProgress): void {
    this.#changed.set(keyOf(step), step);
    this.schedule();
  }

  stepEnded(step: StepInProgress): void {
    this.#changed.delete(keyOf(step));
    if (!this.#written.delete(keyOf(step))) return;
    this.#ended.push(step);
    this.schedule();
  }

  /** Also removes what a process that was killed left behind. */
  streamEnded(streamId: number): void {
    this.#endedStreams.push(streamId);
    this.schedule();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  private schedule(): void {
    if (!this.#flushing) this.#timer ??= setTimeout(() => void this.flush(), EVERY_MS);
  }

  private async flush(): Promise<void> {
    this.#flushing = true;
    this.#timer = undefined;
    try {
      await this.write();
    } catch (error) {
      // What of it got through is not known: each text is written again from its start.
      this.#written.clear();
      this.host.fault('Writing live text failed', error);
    }
    this.#flushing = false;
    if (this.#changed.size + this.#ended.length + this.#endedStreams.length > 0) this.schedule();
  }

  private async write(): Promise<void> {
    const parts = this.takeParts();
    const ended = [...this.#ended, ...earlierAttempts(parts)];
    const endedStreams = this.#endedStreams;
    this.#ended = [];
    this.#endedStreams = [];
    await this.table.remove(ended);
    await this.table.removeStreams(endedStreams);
    await this.table.insert(parts);
    this.host.written(new Set([...[...parts, ...ended].map(({ streamId }) => streamId), ...endedStreams]));
  }

  private takeParts(): LiveTextPart[] {
    const steps = [...this.#changed.values()];
    this.#changed.clear();
    return steps.flatMap((step) => this.partOf(step) ?? []);
  }

  private partOf(step: StepInProgress): LiveTextPart | undefined {
    const chunk = this.host.textOf(step.stream, step.step);
    if (!chunk) return undefined;
    const before = this.#written.get(keyOf(step));
    const offset = before?.attempt === chunk.attempt ? before.length : 0;
    const text = storable(chunk.text.slice(offset));
    if (text === '') return undefined;
    this.#written.set(keyOf(step), { attempt: chunk.attempt, length: offset + text.length });
    return { streamId: chunk.streamId, step: chunk.step, attempt: chunk.attempt, offset, text };
  }
}

function earlierAttempts(parts: readonly LiveTextPart[]): Array<Omit<LiveTextPart, 'offset' | 'text'>> {
  return parts
    .filter(({ offset, attempt }) => offset === 0 && attempt > 1)
    .map((part) => ({ ...part, attempt: part.attempt - 1 }));
}

/** As PostgreSQL can keep it, of the same length. Half of a surrogate pair waits for its other half. */
function storable(text: string): string {
  const isHalf = /[\uD800-\uDBFF]$/.test(text);
  return (isHalf ? text.slice(0, -1) : text).replaceAll('\0', '\uFFFD').toWellFormed();
}

function keyOf({ stream, step }: StepInProgress): string {
  return `${stream} ${step}`;
}

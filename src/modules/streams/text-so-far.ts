import type { StreamChunk } from './stream-event.js';

const MAX_STREAMS_OVER = 10_000;

interface StepText {
  /** The attempt's first piece: for what it says about itself. */
  chunk: StreamChunk;
  attempt: number;
  /** Undefined once it was dropped for want of memory: those who come late get the rest only. */
  text: string | undefined;
  length: number;
}

/**
 * The text of every step in progress, for those who subscribe late. Bounded: over `maxUnits` UTF-16 code units the
 * texts that began first are dropped.
 */
export class TextSoFar {
  readonly #streams = new Map<string, Map<string, StepText>>();
  /** Attempts that are over, so that a straggler does not bring a text back. */
  readonly #over = new Map<string, Map<string, number>>();
  #units = 0;

  constructor(private readonly maxUnits = 16 * 1024 * 1024) {}

  /** Answers the part that is new, or nothing when all of it is known or history. */
  add(chunk: StreamChunk): StreamChunk | undefined {
    if (chunk.attempt <= (this.#over.get(chunk.stream)?.get(chunk.step) ?? 0)) return undefined;
    const entry = this.entryOf(chunk);
    if (chunk.attempt < entry.attempt) return undefined;
    if (chunk.attempt > entry.attempt) this.restart(entry, chunk);
    const known = entry.length - chunk.offset;
    if (known >= chunk.text.length) return undefined;
    const fresh = known <= 0 ? chunk : { ...chunk, offset: entry.length, text: chunk.text.slice(known) };
    this.append(entry, fresh);
    return fresh;
  }

  of(stream: string): StreamChunk[] {
    const found: StreamChunk[] = [];
    for (const { chunk, text } of this.#streams.get(stream)?.values() ?? []) {
      if (text) found.push({ ...chunk, offset: 0, text });
    }
    return found;
  }

  /** The text of one step at offset 0; empty when it was dropped. Undefined when the step has none. */
  find(stream: string, step: string): StreamChunk | undefined {
    const entry = this.#streams.get(stream)?.get(step);
    return entry && { ...entry.chunk, offset: 0, text: entry.text ?? '' };
  }

  all(): StreamChunk[] {
    return [...this.#streams.keys()].flatMap((stream) => this.of(stream));
  }

  /** @param attempt the one that ended; by default the one that is known */
  end(stream: string, step: string, attempt = 0): void {
    const entry = this.#streams.get(stream)?.get(step);
    const over = Math.max(attempt, entry?.attempt ?? 0);
    if (entry && over >= entry.attempt) this.remove(stream, step, entry);
    if (over > 0) this.overOf(stream).set(step, over);
  }

  /** Nobody writes or follows the stream any more. */
  forget(stream: string): void {
    for (const [step, entry] of this.#streams.get(stream) ?? []) this.remove(stream, step, entry);
    this.#over.delete(stream);
  }

  private entryOf(chunk: StreamChunk): StepText {
    let steps = this.#streams.get(chunk.stream);
    if (!steps) this.#streams.set(chunk.stream, (steps = new Map<string, StepText>()));
    let entry = steps.get(chunk.step);
    if (!entry) steps.set(chunk.step, (entry = { chunk, attempt: chunk.attempt, text: '', length: 0 }));
    return entry;
  }

  private overOf(stream: string): Map<string, number> {
    let steps = this.#over.get(stream);
    if (!steps) this.#over.set(stream, (steps = new Map<string, number>()));
    if (this.#over.size > MAX_STREAMS_OVER)
      for (const oldest of this.#over.keys()) if (this.#over.delete(oldest)) break;
    return steps;
  }

  private restart(entry: StepText, chunk: StreamChunk): void {
    this.#units -= entry.text?.length ?? 0;
    Object.assign(entry, { chunk, attempt: chunk.attempt, text: '', length: 0 });
  }

  private append(entry: StepText, fresh: StreamChunk): void {
    // After a piece that was missed the text is no longer whole: it is not offered to late subscribers.
    if (fresh.offset > entry.length) this.dropText(entry);
    entry.length = fresh.offset + fresh.text.length;
    if (entry.text === undefined) return;
    entry.text += fresh.text;
    this.#units += fresh.text.length;
    if (this.#units > this.maxUnits) this.makeRoom();
  }

  private makeRoom(): void {
    for (const steps of this.#streams.values()) {
      for (const entry of steps.values()) {
        this.dropText(entry);
        if (this.#units <= this.maxUnits) return;
      }
    }
  }

  private dropText(entry: StepText): void {
    this.#units -= entry.text?.length ?? 0;
    entry.text = undefined;
  }

  private remove(stream: string, step: string, entry: StepText): void {
    this.dropText(entry);
    const steps = this.#streams.get(stream);
    steps?.delete(step);
    if (steps?.size === 0) this.#streams.delete(stream);
  }
}

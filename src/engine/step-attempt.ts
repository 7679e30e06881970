import type { Chunk } from './ports/listener.js';
import type { Lease } from './ports/journal.js';
import type { RunEvent, StepContext } from './program.js';
import type { TextMask } from './text-mask.js';

/** One attempt of a step, as its work sees it. */
export class StepAttempt implements StepContext {
  readonly events: RunEvent[] = [];
  private controller: AbortController | undefined;
  private abortReason: unknown;
  private isOver = false;
  private offset = 0;

  constructor(
    private readonly lease: Lease,
    readonly key: string,
    readonly attempt: number,
    readonly startedAtMs: number,
    private readonly send: (chunk: Chunk) => void,
    private readonly mask: TextMask,
  ) {}

  get runId(): string {
    return this.lease.runId;
  }

  get idempotencyKey(): string {
    return `${this.lease.runId}:${this.key}`;
  }

  /** Made on first use: most steps never look at it. */
  get signal(): AbortSignal {
    this.controller ??= new AbortController();
    if (this.abortReason !== undefined) this.controller.abort(this.abortReason);
    return this.controller.signal;
  }

  chunk(text: string): void {
    if (!this.isOver) this.sendText(this.mask.next(text));
  }

  /** The work is done: what was held back of its text goes out before its result. */
  flush(): void {
    if (!this.isOver) this.sendText(this.mask.rest());
  }

  get hasSpoken(): boolean {
    return this.offset > 0;
  }

  private sendText(text: string): void {
    if (text === '') return;
    this.send({ lease: this.lease, step: this.key, attempt: this.attempt, offset: this.offset, text });
    this.offset += text.length;
  }

  emit(event: RunEvent): void {
    if (!this.isOver) this.events.push(event);
  }

  /** What the work still says is not heard any more. */
  close(): void {
    this.isOver = true;
  }

  abort(reason: Error): void {
    this.close();
    this.abortReason ??= reason;
    this.controller?.abort(reason);
  }
}

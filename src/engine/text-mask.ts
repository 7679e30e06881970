import type { Mask } from './serializer.js';

/** Masks text that comes in pieces: what may be the beginning of a secret waits for the next piece. */
export class TextMask {
  private held = '';

  constructor(private readonly mask: Mask) {}

  next(piece: string): string {
    const text = this.mask.apply(this.held + piece);
    const end = text.length - this.mask.openEnd(text);
    this.held = text.slice(end);
    return text.slice(0, end);
  }

  /** What was held back turned out not to be a secret. */
  rest(): string {
    const text = this.held;
    this.held = '';
    return text;
  }
}

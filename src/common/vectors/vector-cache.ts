export interface KeptVector {
  /** Of its text. */
  readonly id: string;
  readonly vector: Float32Array;
}

const BYTES_PER_NUMBER = 4;
const MAX_BYTES = 256 * 1024 * 1024;

/** Vectors that were compared lately, by the number that each was written with. What was not used for longest is dropped. */
export class VectorCache {
  /** Least recently used first. */
  private readonly bySerial = new Map<number, KeptVector>();
  private bytes = 0;

  constructor(private readonly maxBytes = MAX_BYTES) {}

  get(serial: number): KeptVector | undefined {
    const kept = this.bySerial.get(serial);
    if (!kept) return undefined;
    this.bySerial.delete(serial);
    this.bySerial.set(serial, kept);
    return kept;
  }

  set(serial: number, kept: KeptVector): void {
    this.delete(serial);
    this.bySerial.set(serial, kept);
    this.bytes += kept.vector.length * BYTES_PER_NUMBER;
    for (const [oldest] of this.bySerial) {
      if (this.bytes <= this.maxBytes) return;
      this.delete(oldest);
    }
  }

  private delete(serial: number): void {
    this.bytes -= (this.bySerial.get(serial)?.vector.length ?? 0) * BYTES_PER_NUMBER;
    this.bySerial.delete(serial);
  }
}

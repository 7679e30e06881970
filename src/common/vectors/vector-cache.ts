interface Kept {
  readonly version: number;
  readonly vector: Float32Array;
}

const BYTES_PER_NUMBER = 4;
const MAX_BYTES = 256 * 1024 * 1024;

/** Vectors that were compared lately. What was not used for longest is dropped. */
export class VectorCache {
  /** Least recently used first. */
  private readonly byId = new Map<string, Kept>();
  private bytes = 0;

  constructor(private readonly maxBytes = MAX_BYTES) {}

  /** Undefined when another version of it is kept, or none. */
  get(id: string, version: number): Float32Array | undefined {
    const kept = this.byId.get(id);
    if (kept?.version !== version) return undefined;
    this.byId.delete(id);
    this.byId.set(id, kept);
    return kept.vector;
  }

  set(id: string, version: number, vector: Float32Array): void {
    this.delete(id);
    this.byId.set(id, { version, vector });
    this.bytes += vector.length * BYTES_PER_NUMBER;
    for (const [oldest] of this.byId) {
      if (this.bytes <= this.maxBytes) return;
      this.delete(oldest);
    }
  }

  private delete(id: string): void {
    this.bytes -= (this.byId.get(id)?.vector.length ?? 0) * BYTES_PER_NUMBER;
    this.byId.delete(id);
  }
}

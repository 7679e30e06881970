import { Injectable } from '@nestjs/common';
import type { VectorSource } from '../../common/vectors/vector-source.js';

/** What is embedded. Modules above say it of what they keep. */
@Injectable()
export class VectorSources {
  private readonly byName = new Map<string, VectorSource>();

  register(source: VectorSource): void {
    this.byName.set(source.name, source);
  }

  find(name: string): VectorSource | undefined {
    return this.byName.get(name);
  }

  list(): readonly VectorSource[] {
    return [...this.byName.values()];
  }
}

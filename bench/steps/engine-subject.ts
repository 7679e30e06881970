import { v7 as uuidv7 } from 'uuid';
import { BenchEngine } from '../server/bench-engine.js';
import type { BenchDatabase } from '../support/bench-database.js';
import { makeState } from './state.js';
import type { Subject } from './subject.js';
import { tenSteps } from './ten-steps.js';

const OWNERS = Array.from({ length: 8 }, () => uuidv7());

/** The engine: creation and end of each run included. */
export class EngineSubject implements Subject {
  readonly name = 'engine';
  private readonly waiting = new Map<string, () => void>();
  private runs = 0;

  private constructor(private readonly bench: BenchEngine) {
    bench.onCompleted = (runId) => {
      this.waiting.get(runId)?.();
      this.waiting.delete(runId);
    };
  }

  static async start({ url }: BenchDatabase): Promise<EngineSubject> {
    return new EngineSubject(await BenchEngine.start(url, tenSteps));
  }

  async runOnce(): Promise<void> {
    const id = uuidv7();
    const ended = new Promise<void>((resolve) => this.waiting.set(id, resolve));
    this.runs += 1;
    await this.bench.engine.create({
      id,
      kind: tenSteps.kind,
      version: tenSteps.version,
      input: JSON.stringify(makeState(0, this.runs)),
      ownerId: OWNERS[this.runs % OWNERS.length] ?? id,
      projectId: null,
      traceId: id.replaceAll('-', ''),
    });
    await ended;
  }

  close(): Promise<void> {
    return this.bench.close();
  }
}
